import Foundation

/// A page of a list: `first`, `after` and `before`, with cursors that mean nothing to the client.
struct HelixPage: Sendable, Equatable {
    private let first: Int
    private let start: Int

    init(_ query: FormFields) throws(HelixRefusal) {
        var first = 20
        if let text = query.all("first").first {
            guard let number = Int(text) else { throw .malformed("first", "the value must be an integer") }
            guard number >= 1 else { throw .malformed("first", "the value must be greater than or equal to 1") }
            guard number <= 100 else { throw .malformed("first", "the value must be less than or equal to 100") }
            first = number
        }
        self.first = first
        switch (query["after"], query["before"]) {
        case (nil, nil): self.start = 0
        case (let after?, nil): self.start = try Self.position(after, "after")
        case (nil, let before?): self.start = max(0, try Self.position(before, "before") - 2 * first)
        default: throw HelixRefusal(status: 400, message: "The parameters \"after\" and \"before\" exclude each other")
        }
    }

    /// The items of this page. A full page has a cursor even if nothing follows: the next one is empty then.
    func cut<Item>(_ items: [Item]) -> (items: [Item], cursor: String?) {
        let page = Array(items.dropFirst(self.start).prefix(self.first))
        let end = Data("position \(self.start + page.count)".utf8).base64EncodedString()
        return (page, page.count == self.first ? end : nil)
    }

    private static func position(_ cursor: String, _ name: String) throws(HelixRefusal) -> Int {
        let text = Data(base64Encoded: cursor).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard text.hasPrefix("position "), let position = Int(text.dropFirst(9)), position >= 0 else {
            throw .malformed(name, "the cursor is invalid")
        }
        return position
    }
}
