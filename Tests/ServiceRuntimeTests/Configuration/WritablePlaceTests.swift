import Foundation
import Testing

@testable import ServiceRuntime

struct WritablePlaceTests {
    @Test func `it tells what is in the way, and makes nothing`() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: "\(directory)/file")
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/dangling", withDestinationPath: "nowhere")
            #expect(WritablePlace.obstacle(toFile: "\(directory)/new") == nil)
            #expect(WritablePlace.obstacle(toFile: "\(directory)/file") == nil)
            #expect(WritablePlace.obstacle(toFile: "\(directory)/none/new")?.contains("does not exist") == true)
            #expect(WritablePlace.obstacle(toFile: directory) == "it is a directory")
            #expect(WritablePlace.obstacle(toDirectory: "\(directory)/a/b/c") == nil)
            for path in ["\(directory)/file", "\(directory)/file/a", "\(directory)/dangling/a"] {
                #expect(WritablePlace.obstacle(toDirectory: path) != nil, "\(path)")
            }
            let made = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(Set(made) == ["file", "dangling"])
        }
    }

    @Test func `a state directory that cannot be made is found without making it`() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: "\(directory)/file")
            let wrong = Settings(values: ["STATE_DIR": "\(directory)/file/state"])
            #expect(throws: ServiceFailure.self) { try wrong.checkStateDirectory() }
            #expect(throws: ServiceFailure.self) { try wrong.stateDirectory() }
            try Settings(values: ["STATE_DIR": "\(directory)/new/state"]).checkStateDirectory()
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/new"))
        }
    }
}
