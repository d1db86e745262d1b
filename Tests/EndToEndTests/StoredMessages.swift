import GRDB
import TestSupport
import Testing

extension Stack {
    /// Waits until a table has so many rows, and then proves that it holds exactly the offered ids, each once.
    func expectStored(_ offered: Set<String>, table: String = "chat_messages", column: String = "id") async throws {
        try await eventually(
            "\(offered.count) rows in \(table), has \(rows(table)); writer: \(writer?.errorOutput.suffix(600) ?? ""), gateway: \(gateway?.errorOutput.suffix(600) ?? "")",
            within: .seconds(300)
        ) { rows(table) >= offered.count }
        let stored = try read { try String.fetchAll($0, sql: "SELECT \(column) FROM \(table)") } ?? []
        let unique = Set(stored)
        #expect(stored.count == unique.count, "no id is stored twice")
        let lost = offered.subtracting(unique)
        #expect(lost.isEmpty, "\(lost.count) of \(offered.count) are missing, such as \(lost.sorted().prefix(3))")
        let surplus = unique.subtracting(offered)
        #expect(surplus.isEmpty, "\(surplus.count) were never offered, such as \(surplus.sorted().prefix(3))")
    }
}
