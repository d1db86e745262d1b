import Foundation
import PrivateFiles
import Protocol
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// The files of ipc sockets: removed, taken by others, or in a place that is not ours.
@Suite(.timeLimit(.minutes(10)))
struct SocketPlaceTests {
    @Test(arguments: ["irc-gateway-0", "irc-gateway-0.req", ""])
    func `a socket's file that was removed is bound again, with its folder`(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.timing.access = .milliseconds(50) }
            let sockets = ["irc-gateway-0", "irc-gateway-0.req"].map { "\(directory)/bus/\($0)" }
            try await running(publisher.run) {
                try await eventually("bound") { sockets.allSatisfy(FileManager.default.fileExists) }
                let removed = name.isEmpty ? "\(directory)/bus" : "\(directory)/bus/\(name)"
                try FileManager.default.removeItem(atPath: removed)
                try await eventually("bound again") { sockets.allSatisfy(FileManager.default.fileExists) }
                let follower = try EventFollower.test(directory)
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<20, alice)
                    var consumer = Consumer()
                    try await consumer.take(20, from: follower)
                }
            }
        }
    }

    @Test func `a process that listens in our place is told of, and its socket is left alone`() async throws {
        let told = Mutex<String?>(nil)
        try await withTemporaryDirectory { directory in
            let log = CapturedLog()
            var configuration = EventPublisher.Configuration(
                service: "irc-gateway",
                prefix: "gw",
                stateDirectory: directory
            )
            configuration.timing.access = .milliseconds(50)
            configuration.onJournalTrouble = { reason in told.withLock { $0 = reason } }
            let publisher = try EventPublisher(configuration, logger: log.logger)
            let path = "\(directory)/bus/irc-gateway-0"
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                let context = try Context()
                let rival = try Socket(.xpub, in: context)
                try rival.bind("ipc://\(path)")
                let theirs = FileIdentity(path: path)
                try await eventually("it is told: \(log.text)", within: .seconds(30)) {
                    told.withLock { $0 }?.contains(path) == true
                }
                #expect(FileIdentity(path: path) == theirs)
            }
            // What is not ours is not removed either.
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can make files of another user"))
    func `a bus folder or a socket of another user is neither bound in nor followed`() async throws {
        try await withTemporaryDirectory { directory in
            let bus = directory + "/bus"
            try FileManager.default.createDirectory(atPath: bus, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: bus)
            let pattern = try EndpointPattern("ipc://\(bus)/irc-gateway-*")
            #expect(try pattern.addresses() == [])
            try Data().write(to: URL(filePath: bus + "/irc-gateway-0"))
            #expect(try pattern.addresses()?.count == 1)

            #expect(chown(bus + "/irc-gateway-0", 12345, 12345) == 0)
            let socket = #expect(throws: BusSecurityError.self) { try pattern.addresses() }
            #expect(socket?.description.contains("uid 12345") == true)

            #expect(chown(bus, 12345, 12345) == 0)
            let folder = #expect(throws: BusSecurityError.self) { try pattern.addresses() }
            #expect(folder?.description.contains("uid 12345") == true)
            let publisher = try EventPublisher.test(directory)
            let bound = await #expect(throws: BusAddressError.self) { try await publisher.run() }
            #expect(bound?.description.contains("uid 12345") == true)
        }
    }

    @Test func `a bus folder to which others may write is neither bound in nor followed`() async throws {
        try await withTemporaryDirectory { directory in
            let bus = directory + "/bus"
            try FileManager.default.createDirectory(atPath: bus, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: bus)
            let folder = #expect(throws: BusSecurityError.self) {
                try EndpointPattern("ipc://\(bus)/irc-gateway-*").addresses()
            }
            #expect(folder?.description.contains("chmod 700 \(bus)") == true)
            let publisher = try EventPublisher.test(directory)
            let bound = await #expect(throws: BusAddressError.self) { try await publisher.run() }
            #expect(bound?.description.contains("chmod 700 \(bus)") == true)
        }
    }

    @Test func `a folder that cannot be read now keeps whom it named last`() async throws {
        let pattern = try EndpointPattern("tcp://name.invalid:7001")
        #expect(try pattern.addresses() == [] || pattern.addresses() == nil)
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "irc-gateway", "writer", "my-tap")
            let security = try keys.security("irc-gateway")
            let before = security.trusted(nil, keeping: .init())
            #expect(before.names.count == 3)
            #expect(rename(directory + "/keys", directory + "/aside") == 0)
            let without = security.trusted(nil, keeping: before)
            #expect(without.names == before.names && without.faults.count == 1)
            #expect(rename(directory + "/aside", directory + "/keys") == 0)
            _ = try keys.remove("my-tap")
            #expect(security.trusted(nil, keeping: before).names.values.sorted() == ["irc-gateway", "writer"])
            // A link does not name anybody.
            try FileManager.default.moveItem(atPath: keys.directory.publicFile("writer"), toPath: directory + "/w")
            try FileManager.default.createSymbolicLink(
                atPath: keys.directory.publicFile("writer"),
                withDestinationPath: directory + "/w"
            )
            let linked = security.trusted(nil, keeping: before)
            #expect(linked.names.values.sorted() == ["irc-gateway"] && linked.faults.count == 1)
        }
    }
}
