/// The hot JSON codec: proven equal to `JSONEncoder` and `JSONDecoder` by a property test.
package enum EventCodec {
    /// The `data` object of an event, UTF-8 JSON without insignificant white space, keys in declaration order.
    package static func encodeData(_ event: Event) -> [UInt8] { [] }

    /// A whole envelope as UTF-8 JSON; `data` last.
    package static func encode(_ envelope: Envelope) -> [UInt8] { [] }

    /// Reads one envelope. An unknown `type` throws `EnvelopeError.unknownType` so that a tap can skip and a writer can keep it.
    package static func decode(_ json: some Collection<UInt8>) throws(EnvelopeError) -> Envelope {
        throw .malformed("not implemented")
    }
}

/// Why bytes are not an envelope that this version understands.
package enum EnvelopeError: Error, Hashable, Sendable {
    case malformed(String)
    case unknownType(String)
    case unsupportedVersion(String)
}
