import Protocol

/// `Retry-After` (RFC 9110 §10.2.3): how long a server asks to be left alone.
enum RetryAfter {
    /// A longer wait is not obeyed: it would be a mistake or malice, and asking once an hour harms nobody.
    static let longest: Duration = .seconds(3600)

    /// The wait that a header asks for.
    /// - Parameters:
    ///   - value: The header, whole seconds or an HTTP date.
    ///   - date: The answer's `Date`. A date is measured by the server's own clock, where it tells the time.
    ///   - now: The time of day here.
    /// - Returns: The wait; nil where the header says nothing that makes sense.
    static func wait(_ value: String?, date: String?, now: Timestamp) -> Duration? {
        guard let value, value.utf8.count <= 64 else { return nil }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // Digits beyond Int64 are a long time, too.
            return min(Int64(value).map { .seconds($0) } ?? Self.longest, Self.longest)
        }
        guard let until = HTTPDate.parse(value) else { return nil }
        let from = date.flatMap(HTTPDate.parse) ?? now
        return min(max(.milliseconds(until.rawValue - from.rawValue), .zero), Self.longest)
    }
}
