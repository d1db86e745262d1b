import Foundation
import Testing

@testable import ServiceRuntime

struct StateDirectoryTests {
    @Test func `it is made for its owner only and leaves no probe behind`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/deep/state"
            #expect(try Settings(values: ["STATE_DIR": path]).stateDirectory() == path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
        }
    }

    @Test func `a place that cannot be made ends with status 73 and a hint`() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: "\(directory)/file")
            for path in ["\(directory)/file", "\(directory)/file/below", "/proc/nowhere"] {
                let error = #expect(throws: ServiceFailure.self) {
                    try Settings(values: ["STATE_DIR": path]).stateDirectory()
                }
                #expect(error?.exitStatus == .cannotCreate)
                #expect(error?.message.contains("STATE_DIR='\(path)'") == true)
            }
        }
    }
}
