import ZeroMQ

/// The text of key files: a word, a space, a key in Z85; lines that begin with `# ` are for people.
///
///     # CURVE key pair of irc-gateway. Secret: only its own machine may have it.
///     public Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID
///     secret D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs
enum KeyText {
    static func pair(_ pair: CurveKeyPair, of name: String) -> String {
        """
        # CURVE key pair of \(name). Secret: only the machines that run \(name) may have it.
        public \(pair.publicKey)
        secret \(pair.secretKey.reveal())

        """
    }

    static func publicKey(_ key: String, of name: String) -> String {
        """
        # CURVE public key of \(name). Not secret: copy it to every machine.
        public \(key)

        """
    }

    /// The pair in a key file; nil if there is none or its halves do not belong together.
    static func readPair(_ text: String) -> CurveKeyPair? {
        let values = values(text)
        guard let publicKey = values["public"], let secretKey = values["secret"] else { return nil }
        return CurveKeyPair(publicKey: publicKey, secretKey: CurveSecret(secretKey))
    }

    /// The key in a public file; nil if there is none.
    static func readPublicKey(_ text: String) -> String? {
        guard let key = values(text)["public"], CurveKeyText.bytes(key) != nil else { return nil }
        return key
    }

    private static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("# ") {
            let words = line.split(separator: " ")
            // A key that is there twice or that is followed by something is not guessed at.
            guard words.count == 2, values[String(words[0])] == nil else { return [:] }
            values[String(words[0])] = String(words[1])
        }
        return values
    }
}
