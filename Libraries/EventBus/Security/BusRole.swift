/// What the owner of a key may do on an event endpoint. The name decides under which its `.pub` lies in the producer's keys
/// directory: who puts it there says with the name what it is for.
package enum BusRole: Hashable, Sendable {
    /// `writer`, or a name that begins with `writer-`: may also acknowledge, which lets the journal forget.
    case writer
    /// Everybody else: may listen and fetch.
    case reader

    /// The role of a key's name, such as `writer-2` or `my-tap`.
    package init(keyName: String) {
        self = keyName == "writer" || keyName.hasPrefix("writer-") ? .writer : .reader
    }

    /// For people: `read, acknowledge` or `read`.
    package var rights: String {
        switch self {
        case .writer: "read, acknowledge"
        case .reader: "read"
        }
    }
}
