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
        let offered = try await control.statistics()
        let ids = offered.messageIDs
        try await eventually("\(ids.count) messages and notifications are stored") {
            rows("chat_messages") + rows("chat_notifications") >= ids.count
        }
        let stored =
            try read {
                try String.fetchAll($0, sql: "SELECT id FROM chat_messages UNION ALL SELECT id FROM chat_notifications")
            } ?? []
        #expect(stored.count == Set(stored).count, "no id is stored twice")
        #expect(
            Set(stored) == ids,
            "lost \(ids.subtracting(stored).count), unheard of \(Set(stored).subtracting(ids).count)"
        )
        let tables = [
            "CLEARMSG": ["message_deleted_events"], "CLEARCHAT": ["user_banned_events", "chat_clears"],
            "NOTICE": ["chat_notices"],
        ]
        for (command, tables) in tables {
            let count = offered.channels.values.reduce(0) { $0 + ($1.commands[command] ?? 0) }
            #expect(count > 0, "the mix has \(command)")
            try await eventually("\(count) times \(command), stored are \(tables.map { rows($0) })") {
                tables.reduce(0) { $0 + rows($1) } >= count
            }
            #expect(tables.reduce(0) { $0 + rows($1) } == count, "\(command) is stored once")
        }
    }
}
