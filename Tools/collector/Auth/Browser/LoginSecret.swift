import ServiceRuntime

/// 256 random bits as hexadecimal digits, for one login: the `state` of the authorization request (RFC 6749, section
/// 10.12), the cookie of the browser that began it, and the key of the page that begins it.
struct LoginSecret: Sendable {
    /// Whoever knows it can pass for the person, so it is shown to nobody else.
    let text: Secret

    init() {
        var generator = SystemRandomNumberGenerator()
        text = Secret(
            (0..<4).map { _ in
                let digits = String(generator.next() as UInt64, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
        )
    }

    /// Compares in a time that does not tell how many characters are right.
    func matches(_ other: String?) -> Bool {
        let mine = Array(text.reveal().utf8)
        let theirs = Array((other ?? "").utf8)
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
