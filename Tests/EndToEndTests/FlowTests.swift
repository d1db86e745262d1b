import Foundation
import GRDB
import TestSupport
import Testing

/// From the wire to committed rows, with real processes.
@Suite(.serialized) struct FlowTests {
    @Test func `every message of a burst becomes exactly one row`() async throws {
        try await Stack.with(simulator: ["--lines-per-frame", "20"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            let burst = try await stack.control.burst(stack.channels, 20_000)
            #expect(burst.lines == 20_000)
            #expect(burst.unheard == 0)
            try await stack.expectStored(burst.ids)
            #expect(stack.rows("collection_gaps") == 0)
            #expect(stack.rows("dead_letters") == 0)
        }
    }

    @Test func `every kind of event finds its table`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            let burst = try await stack.control.burst(stack.channels, 5_000, kinds: nil)
            let commands = try await stack.control.statistics().channels.values.reduce(into: [String: Int]()) {
                $0.merge($1.commands, uniquingKeysWith: +)
            }
            #expect(burst.lines == 5_000)
            let messages = try #require(commands["PRIVMSG"])
            let notifications = try #require(commands["USERNOTICE"])
            try await eventually("all messages and notifications are stored") {
                stack.rows("chat_messages") == messages && stack.rows("chat_notifications") == notifications
            }
            for table in ["message_deleted_events", "user_banned_events", "chat_notices", "chat_settings"] {
                try await eventually("\(table) has rows") { stack.rows(table) > 0 }
            }
            let deleted = try stack.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM message_deleted_events WHERE message_text <> ''")
            }
            #expect((deleted ?? 0) ?? 0 > 0, "deletions keep their text")
        }
    }

    @Test func `a line is stored byte for byte`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            let line =
                #"@badge-info=;badges=vip/1;color=#B22222;display-name=담비42;emotes=25:2-6;id=a4c5d1f0-7c62-4d18-b2a9-8c9d2e3f4a04;mod=0;reply-parent-msg-body=a\sb\:c\\d;room-id=900100200;subscriber=0;tmi-sent-ts=1790000003001;user-id=800300114;user-type=;x-unknown=1;vip=1 :ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor :👋 Kappa  two  spaces "#
            try await stack.control.say(line, in: "quietharbor")
            try await eventually("the line is stored") { stack.rows("chat_messages") == 1 }
            let row = try #require(try stack.read { try Row.fetchOne($0, sql: "SELECT * FROM chat_messages") } ?? nil)
            #expect(row["raw"] == line)
            #expect(row["message_text"] == "👋 Kappa  two  spaces ")
            #expect(row["chatter_user_login"] == "ola")
            #expect(row["chatter_user_name"] == "담비42")
            #expect(row["sent_at"] == "2026-09-21 14:13:23.001000")
            #expect(row["stream_id"] == nil as String?)
        }
    }

    @Test(.enabled(if: Corpus.isPresent, "the corpus is not beside this checkout"))
    func `the corpus' wire sample is accounted for line by line`() async throws {
        try await Stack.with(channels: ["nymn"], simulator: ["--replay", Corpus.wireSample]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            let offered = try Corpus.lines()
            let tables = [
                "chat_messages", "chat_notifications", "message_deleted_events", "user_banned_events", "chat_clears",
                "chat_notices", "chat_settings",
            ]
            var stored: [String: Int] = [:]
            try await eventually("all lines are stored") {
                let raws = try tables.flatMap { table in
                    try stack.read { try String.fetchAll($0, sql: "SELECT raw FROM \(table)") } ?? []
                }
                stored = Dictionary(raws.map { ($0, 1) }, uniquingKeysWith: +)
                return offered.allSatisfy { stored[$0] != nil }
            }
            #expect(offered.count == 800)
            #expect(offered.count { stored[$0] == 1 } == 800)
        }
    }
}

/// Real lines beside the checkout; never copied into it.
enum Corpus {
    static let wireSample = URL(fileURLWithPath: #filePath)
        .appending(path: "../../../../shared/corpus/wire-sample.txt").standardizedFileURL.path

    static var isPresent: Bool { FileManager.default.isReadableFile(atPath: wireSample) }

    static func lines() throws -> [String] {
        try String(contentsOfFile: wireSample, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
