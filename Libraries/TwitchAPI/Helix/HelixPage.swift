/// Something that Helix lists, and by which of its fields it may have been asked for.
protocol HelixItem: Decodable, Sendable {
    /// The fields' names in JSON.
    static var names: [String] { get }
    /// What is in them.
    var asked: [String] { get }
}

/// `{"data":[…],"pagination":{"cursor":"…"}}`. An item that cannot be read hides none of the others.
struct HelixPage<Item: HelixItem>: Decodable {
    var items: [Item] = []
    /// What the items that cannot be read may have been asked by; empty where even that is not known.
    var unreadable: [Set<String>] = []
    /// `data` is null, which says neither that somebody is there nor that nobody is.
    var isNull = false
    /// Nil on the last page.
    var cursor: String?

    /// How many items the page has, whether they could be read or not.
    var count: Int { items.count + unreadable.count }

    init() {}

    /// Throws when there is no `data` at all, or it is no list: that is not an answer.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let pagination = try? container.nestedContainer(keyedBy: Key.self, forKey: .pagination) {
            cursor = pagination.text(.cursor, atMost: 1024)
        }
        isNull = try container.decodeNil(forKey: .data)
        guard !isNull else { return }
        for entry in try container.decode([Entry].self, forKey: .data) {
            switch entry {
            case .item(let item): items.append(item)
            case .unreadable(let names): unreadable.append(names)
            }
        }
    }

    /// Whom an answer to a request for `batch` tells something about.
    func answered(of batch: Set<String>) -> Set<String> {
        guard !isNull else { return [] }
        let told = unreadable.map { $0.intersection(batch) }
        guard !told.contains(where: \.isEmpty) else { return batch.intersection(items.flatMap(\.asked)) }
        return told.reduce(batch) { $0.subtracting($1) }
    }

    mutating func append(_ other: HelixPage) {
        items += other.items
        unreadable += other.unreadable
        isNull = isNull || other.isNull
        cursor = other.cursor
    }

    private enum Entry: Decodable {
        case item(Item)
        case unreadable(Set<String>)

        init(from decoder: any Decoder) {
            if let item = try? Item(from: decoder) {
                self = .item(item)
                return
            }
            let container = try? decoder.container(keyedBy: Name.self)
            self = .unreadable(
                Set(Item.names.compactMap { container?.text(Name(stringValue: $0), atMost: 64)?.lowercased() })
            )
        }
    }

    private enum Key: String, CodingKey {
        case data
        case pagination
        case cursor
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
