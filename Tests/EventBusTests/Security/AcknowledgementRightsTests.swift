import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// Who may make a journal forget.
@Suite(.timeLimit(.minutes(10)))
struct AcknowledgementRightsTests {
    private func withGateway(
        _ body: (EventPublisher, BusAddress, BusKeys, CapturedLog) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "irc-gateway", "writer", "writer-2", "my-tap", "collector")
            let log = CapturedLog()
            var configuration = EventPublisher.Configuration(
                service: "irc-gateway",
                prefix: "gw",
                stateDirectory: directory,
                bind: "tcp://127.0.0.1:*",
                journal: JournalConfiguration(sync: .normal),
                security: try keys.security("irc-gateway")
            )
            configuration.timing.access = .milliseconds(100)
            let publisher = try EventPublisher(configuration, logger: log.logger)
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                try await publisher.publish(numbers: 0..<20, alice)
                try await eventually("accepted") { publisher.queuedEvents == 0 }
                try await body(publisher, BusAddress(try #require(publisher.endpoint)), keys, log)
            }
        }
    }

    /// Sends acknowledgements under a key and returns the replies.
    private func acknowledge(
        _ address: BusAddress,
        as name: String,
        _ keys: BusKeys,
        group: String = "writer",
        database: String,
        _ committed: [Int: Offset],
        times: Int = 1
    ) async throws -> [AckReply] {
        let context = try Context()
        let role = try keys.security(name).client(of: "irc-gateway")
        let asker = try Socket(.dealer, in: context, options: SocketOptions(curve: role))
        try asker.connect(address.requests)
        var replies: [AckReply] = []
        var sent = 0
        try await eventually("\(times) answers", within: .seconds(60)) {
            // A connection that has eight replies to read gets no more.
            for _ in 0..<10_000 where replies.count < times {
                while sent < min(times, replies.count + 4) {
                    sent += 1
                    let request = AckRequest(request: sent, group: group, database: database, committed: committed)
                    try asker.send(BusRequest.ack(request).encode(), wait: true)
                }
                while let frame = try asker.receive() {
                    if case .ack(let reply) = try BusReply.decode(frame) { replies.append(reply) }
                }
            }
            return replies.count == times
        }
        return replies
    }

    @Test(arguments: ["my-tap", "collector"])
    func `a tap's key may not acknowledge, even with the database's own id`(_ name: String) async throws {
        try await withGateway { publisher, address, keys, _ in
            let heads = publisher.acceptedHeads
            #expect(try await acknowledge(address, as: "writer", keys, database: "db-secret-1", [:])[0].accepted)
            let reply = try await acknowledge(address, as: name, keys, database: "db-secret-1", heads)[0]
            #expect(!reply.accepted)
            #expect(reply.message?.contains(name) == true)
            #expect(publisher.hasUndelivered)
            #expect(try await acknowledge(address, as: "writer-2", keys, database: "db-secret-1", heads)[0].accepted)
            #expect(!publisher.hasUndelivered)
        }
    }

    @Test func `the database's id is in the log and not in the refusal`() async throws {
        try await withGateway { publisher, address, keys, log in
            _ = try await acknowledge(address, as: "writer", keys, database: "db-secret-1", [:])
            let heads = publisher.acceptedHeads
            let reply = try await acknowledge(address, as: "writer", keys, database: "db-other", heads)[0]
            #expect(!reply.accepted)
            #expect(reply.message?.contains("db-secret-1") == false)
            #expect(publisher.hasUndelivered)
            #expect(log.all.contains { $0.contains("refused an acknowledgement") && $0.contains("db-secret-1") })
        }
    }

    @Test func `nothing beyond the journal's own head is believed`() async throws {
        try await withGateway { publisher, address, keys, log in
            let future = Dictionary(
                uniqueKeysWithValues: (0..<Partition.count).map { ($0, Offset(epoch: .max - 1, sequence: .max)) }
            )
            #expect(try await acknowledge(address, as: "writer", keys, database: "db", future)[0].accepted)
            #expect(log.all.contains { $0.contains("acknowledges more than this journal ever had") })
            // What is accepted from now on was acknowledged by nobody.
            try await publisher.publish([draft(alice, "new"), draft(bob, "new")])
            try await eventually("accepted") { publisher.queuedEvents == 0 }
            #expect(publisher.hasUndelivered)
        }
    }

    @Test func `five thousand refusals are two lines of the log and a small file`() async throws {
        try await withGateway { publisher, address, keys, log in
            _ = try await acknowledge(address, as: "writer", keys, database: "db", [:])
            let lines = log.all.count
            let long = String(repeating: "x", count: 30_000)
            for name in ["my-tap", "writer"] {
                let replies = try await acknowledge(
                    address,
                    as: name,
                    keys,
                    group: long,
                    database: "other",
                    [:],
                    times: 2500
                )
                #expect(replies.allSatisfy { !$0.accepted })
            }
            #expect(log.all.count - lines <= 2)
            #expect(log.all.suffix(2).allSatisfy { $0.utf8.count < 1000 })
            let file = Acknowledgements.path(in: publisher.slotDirectory)
            #expect(DurableFile.size(file) < 1000)
        }
    }

    @Test func `a group that nobody requires takes no place from one that is`() throws {
        var acknowledgements = Acknowledgements()
        for number in 0..<1000 {
            _ = try acknowledgements.acknowledge(
                group: "g\(number)",
                database: "d",
                committed: [:],
                partitions: 32,
                file: ""
            )
        }
        #expect(acknowledgements.groups.count == 16)
        let change = try acknowledgements.acknowledge(
            group: "writer",
            database: "d",
            committed: [:],
            partitions: 32,
            file: ""
        )
        #expect(change == .newGroup)
        #expect(!Acknowledgements.isName("") && !Acknowledgements.isName(String(repeating: "x", count: 65)))
        #expect(!Acknowledgements.isName("a\u{1B}[31m") && Acknowledgements.isName("4f0c2d-main"))
    }

    @Test func `what a file says beyond the heads is forgotten at the start`() {
        var acknowledgements = Acknowledgements()
        let offset = Offset(epoch: 5, sequence: 1)
        _ = try? acknowledgements.acknowledge(
            group: "writer",
            database: "d",
            committed: [0: offset, 1: Offset(epoch: .max, sequence: 1)],
            partitions: 2,
            file: ""
        )
        acknowledgements.forgetBeyond([offset, offset])
        #expect(acknowledgements.groups["writer"]?.committed == [0: offset])
    }
}
