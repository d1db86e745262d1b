import ServiceRuntime

/// Reading what a stranger sent. A field of another type, out of bounds, null or missing is as good as none: it never
/// takes the fields beside it down, and "none" is never read as zero.
extension KeyedDecodingContainer {
    /// Text of 1 to `limit` bytes; nil where there is none. A whole number counts as its digits.
    func text(_ key: Key, atMost limit: Int) -> String? {
        let text =
            (try? self.decode(String.self, forKey: key)) ?? (try? self.decode(Int64.self, forKey: key)).map(String.init)
        guard let text, (1...limit).contains(text.utf8.count) else { return nil }
        return text
    }

    /// A whole number; of a fraction the whole part, and digits in quotes count as well.
    func wholeNumber(_ key: Key) -> Int64? {
        if let number = try? self.decode(Int64.self, forKey: key) { return number }
        if let number = try? self.decode(Double.self, forKey: key) {
            return Int64(exactly: number.rounded(.towardZero))
        }
        return (try? self.decode(String.self, forKey: key)).flatMap { Int64($0) }
    }

    /// Text for people, cut to `limit` characters; nil where there is none. Empty is a text.
    func words(_ key: Key, atMost limit: Int) -> String? {
        (try? self.decode(String.self, forKey: key)).map { $0.utf8.count <= limit ? $0 : String($0.prefix(limit)) }
    }

    /// What names a thing or an account at Twitch: 1 to 64 visible ASCII characters, or the digits of a number.
    func identifier(_ key: Key) -> String? {
        self.text(key, atMost: 64).flatMap { $0.isVisibleASCII(atMost: 64) ? $0 : nil }
    }

    /// A login, lowercase.
    func login(_ key: Key) -> String? {
        self.text(key, atMost: 25).map { $0.lowercased() }.flatMap { HelixClient.isLogin($0) ? $0 : nil }
    }

    /// How long something lives. Nil where no end is known: RFC 6749 only recommends to tell it, tokens of Twitch's oldest
    /// clients never expire and say 0, and a number below zero or beyond ten years tells nothing.
    func lifetime(_ key: Key) -> Duration? {
        guard let seconds = self.wholeNumber(key), (1...315_360_000).contains(seconds) else { return nil }
        return .seconds(seconds)
    }

    /// A token of any kind: visible ASCII, so that it can end neither a header nor a line of IRC, and nothing that a shell
    /// or an `.env` file would take for more than text.
    func secret(_ key: Key) -> Secret? {
        guard let text = self.text(key, atMost: 2048) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !#""'#\`$"#.utf8.contains(byte)
        }
        return isPlain ? Secret(text) : nil
    }

    /// Scopes: a list, or one text with spaces (RFC 6749). Null is an empty list; nil where it is neither, or too much.
    func scopes(_ key: Key) -> [String]? {
        if (try? self.decodeNil(forKey: key)) == true { return [] }
        let scopes =
            (try? self.decode([String].self, forKey: key))
            ?? (try? self.decode(String.self, forKey: key))?.split(separator: " ").map(String.init)
        guard let scopes, scopes.count <= 200 else { return nil }
        return scopes.allSatisfy(Self.isScope) ? scopes : nil
    }

    private static func isScope(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}

extension String {
    /// 1 to `limit` visible ASCII characters: nothing that ends a header, a line or a column.
    func isVisibleASCII(atMost limit: Int) -> Bool {
        (1...limit).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
