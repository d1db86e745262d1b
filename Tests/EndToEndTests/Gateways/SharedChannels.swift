import GRDB
import TestSupport
import Testing

extension Stack {
    /// Waits until every channel has exactly so many readers at the simulator.
    func readers(_ count: Int, _ when: String) async throws {
        try await eventually("every channel has \(count) readers \(when)") {
            let channels = try await control.statistics().channels
            return self.channels.allSatisfy { channels[$0]?.readers == count }
        }
    }

    /// Waits until what the simulator has offered is stored, and then proves that all of it is, each line once.
    func expectAllOffered() async throws {
        try await Offered(control: control) { sql in
            try self.read { try String.fetchAll($0, sql: sql) } ?? []
        }.expectStored()
    }
}

extension PostgresStack {
    /// The same in PostgreSQL.
    func expectAllOffered() async throws {
        try await Offered(control: stack.control) { sql in
            try await self.query(sql).compactMap { $0.first.flatMap(\.self) }
        }.expectStored()
    }
}

/// What the simulator has offered, beside what an archive has of it.
private struct Offered {
    var control: SimulatorControl
    /// The first column of a query.
    var column: (_ sql: String) async throws -> [String]

    /// Kinds of line that are known by count only, and their tables. NOTICE is left out: its time is the reader's, and on a
    /// busy machine two readers may be further apart than copies can be.
    private static let tables = [
        "CLEARMSG": ["message_deleted_events"], "CLEARCHAT": ["user_banned_events", "chat_clears"],
    ]

    func expectStored() async throws {
        let offered = try await control.statistics()
        let ids = offered.messageIDs
        try await eventually("\(ids.count) messages and notifications are stored") {
            try await rows(["chat_messages", "chat_notifications"]) >= ids.count
        }
        let stored = try await column("SELECT id FROM chat_messages UNION ALL SELECT id FROM chat_notifications")
        #expect(stored.count == Set(stored).count, "no id is stored twice")
        #expect(Set(stored) == ids, "lost \(ids.subtracting(stored).count), of \(ids.count)")
        for (command, tables) in Self.tables {
            let count = offered.channels.values.reduce(0) { $0 + ($1.commands[command] ?? 0) }
            #expect(count > 0, "the mix has \(command)")
            try await eventually("\(count) times \(command)") { try await rows(tables) >= count }
            #expect(try await rows(tables) == count, "\(command) is stored once")
        }
    }

    private func rows(_ tables: [String]) async throws -> Int {
        var sum = 0
        for table in tables {
            sum += try await column("SELECT CAST(count(*) AS text) FROM \(table)").first.flatMap { Int($0) } ?? 0
        }
        return sum
    }
}
