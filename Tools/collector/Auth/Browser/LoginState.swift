import ServiceRuntime

/// The `state` of an authorization request (RFC 6749, section 10.12): ties the callback to this very login.
struct LoginState: Sendable {
    /// 256 random bits as hexadecimal digits. Secret until it comes back: whoever knows it can forge a callback.
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
    func matches(_ other: String) -> Bool {
        let mine = Array(text.reveal().utf8)
        let theirs = Array(other.utf8)
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
