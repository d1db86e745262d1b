import Foundation
import TestSupport
import Testing

@testable import EventBus

/// Where tokens may not travel.
struct TokenPlaceTests {
    @Test(arguments: ["tcp://127.0.0.1:7001", "tcp://0.0.0.0:7001", "tcp://localhost:7001"])
    func `plain tcp is refused on both sides in one line, loopback too`(_ endpoint: String) async throws {
        try await withTemporaryDirectory { directory in
            for error in [
                #expect(throws: BusAddressError.self) { try TokenPublisher.test(directory) { $0.bind = endpoint } },
                #expect(throws: BusAddressError.self) { try TokenFollower.test([endpoint]) },
            ] {
                #expect(error?.description.contains("never travel unencrypted") == true)
                #expect(error?.description.contains("collector keys generate") == true)
                #expect(error?.description.contains("\n") == false)
            }
        }
    }

    @Test(arguments: [0o750, 0o755, 0o701, 0o777])
    func `a directory that others may enter is refused on both sides with what to do`(_ mode: Int) async throws {
        try await withTemporaryDirectory { directory in
            let bus = directory + "/bus"
            try FileManager.default.createDirectory(atPath: bus, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: bus)
            for error in [
                #expect(throws: BusSecurityError.self) { try TokenPublisher.test(directory) },
                #expect(throws: BusSecurityError.self) { try TokenFollower.test(directory) },
            ] {
                #expect(error?.description.contains("chmod 700 \(bus)") == true)
            }
        }
    }

    @Test func `a directory that is opened to others later is not connected to`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CapturedLog()
            let follower = try TokenFollower.test(directory, logger: log.logger)
            try await running(follower.run) {
                let bus = directory + "/bus"
                let publisher = try TokenPublisher.test(directory)
                publisher.issue(token("user", 1))
                try await running(publisher.run) {
                    try await eventually("followed") { follower.isFollowing }
                }
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bus)
                try Data().write(to: URL(filePath: bus + "/token-service-1"))
                try await eventually("refused") { log.text.contains("chmod 700 \(bus)") }
            }
        }
    }
}
