import Testing

@testable import twitch_simulator

@Suite struct HelixPageTests {
    /// The items of the page that a query asks for, and the cursor to the next one.
    private static func cut(_ query: String) throws -> (items: [Int], cursor: String) {
        let page = try HelixPage(FormFields(query)).cut(Array(0..<7))
        return (page.items, FormFields.encode(page.cursor ?? ""))
    }

    @Test func `cursors lead forth and back`() throws {
        let first = try Self.cut("first=3")
        let second = try Self.cut("first=3&after=\(first.cursor)")
        let third = try Self.cut("first=3&after=\(second.cursor)")
        #expect(first.items == [0, 1, 2] && second.items == [3, 4, 5] && third.items == [6])
        #expect(third.cursor.isEmpty)
        #expect(try Self.cut("first=3&before=\(second.cursor)").items == [0, 1, 2])
    }

    @Test func `a page beyond the end is empty`() throws {
        let all = try Self.cut("first=7")
        #expect(!all.cursor.isEmpty)
        #expect(try Self.cut("first=7&after=\(all.cursor)").items == [])
    }
}
