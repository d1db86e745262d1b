internal import CZeroMQ

/// A long-term key pair of CurveZMQ (https://rfc.zeromq.org/spec/26/).
package struct CurveKeyPair: Hashable, Sendable {
    /// In Z85, 40 characters: what others know us by.
    package let publicKey: String
    package let secretKey: CurveSecret

    /// Puts two halves together; nil unless both are keys and belong to each other.
    package init?(publicKey: String, secretKey: CurveSecret) {
        guard CurveKeyText.bytes(publicKey) != nil, CurveKeyText.bytes(secretKey.reveal()) != nil else { return nil }
        var derived = [CChar](repeating: 0, count: CurveKeyText.length + 1)
        guard unsafe zmq_curve_public(&derived, secretKey.reveal()) == 0,
            CurveKeyText.text(derived) == publicKey
        else { return nil }
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    private init(generatedPublicKey: String, secretKey: CurveSecret) {
        publicKey = generatedPublicKey
        self.secretKey = secretKey
    }

    /// A new random pair.
    /// - Throws: `notSupported` where libzmq was built without CURVE.
    package static func generate() throws(ZeroMQError) -> CurveKeyPair {
        try CurveSupport.require()
        var publicKey = [CChar](repeating: 0, count: CurveKeyText.length + 1)
        var secretKey = publicKey
        guard unsafe zmq_curve_keypair(&publicKey, &secretKey) == 0 else { throw .last(.useCurve) }
        return CurveKeyPair(
            generatedPublicKey: CurveKeyText.text(publicKey),
            secretKey: CurveSecret(CurveKeyText.text(secretKey))
        )
    }
}

/// Whether this libzmq can encrypt.
package enum CurveSupport {
    package static var isAvailable: Bool { unsafe zmq_has("curve") == 1 }

    /// - Throws: `notSupported`, whose description says what to install.
    package static func require() throws(ZeroMQError) {
        guard isAvailable else { throw ZeroMQError(.notSupported, .useCurve) }
    }
}

/// Keys as text: Z85 (https://rfc.zeromq.org/spec/32/), 40 characters for 32 bytes.
package enum CurveKeyText {
    package static let length = 40

    /// The key's 32 bytes; nil for anything that is not a key.
    package static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count == length, text.utf8.allSatisfy(alphabet.contains) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        return unsafe zmq_z85_decode(&bytes, text) != nil ? bytes : nil
    }

    /// 32 bytes as text; nil for another number.
    package static func text(of bytes: some Collection<UInt8>) -> String? {
        guard bytes.count == 32 else { return nil }
        let bytes = Array(bytes)
        var buffer = [CChar](repeating: 0, count: length + 1)
        return unsafe zmq_z85_encode(&buffer, bytes, bytes.count) != nil ? text(buffer) : nil
    }

    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let alphabet = Set(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8
    )
}
