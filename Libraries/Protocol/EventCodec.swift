/// The hot JSON codec: proven equal to `JSONEncoder` and `JSONDecoder` by a property test.
package enum EventCodec {
    /// The largest envelope that is read, in bytes.
    package static let maximumBytes = 65_536
    /// The largest `data` that is published, in bytes: the rest is for the envelope around it.
    package static let maximumDataBytes = maximumBytes - 1024

    /// The `data` object of an event, UTF-8 JSON without insignificant white space, keys in declaration order.
    package static func encodeData(_ event: Event) -> [UInt8] {
        JSONWriter.bytes(capacity: event.expectedBytes) { json in
            event.data.write(to: &json)
        }
    }

    /// A whole envelope as UTF-8 JSON; `data` last.
    package static func encode(_ envelope: Envelope) -> [UInt8] {
        JSONWriter.bytes(capacity: 512 + envelope.event.expectedBytes) { json in
            json.envelopeHead(
                EnvelopeHead(
                    service: envelope.service,
                    producer: envelope.producer,
                    subject: envelope.subject,
                    time: envelope.time,
                    partition: envelope.partition,
                    offset: envelope.offset,
                    previous: envelope.previous,
                    type: envelope.event.type
                )
            )
            envelope.event.data.write(to: &json)
            json.byte("}")
        }
    }

    /// Reads one envelope. An unknown `type` throws `EnvelopeError.unknownType` so that a tap can skip and a writer can keep it.
    package static func decode(_ json: some Collection<UInt8>) throws(EnvelopeError) -> Envelope {
        try unsafe json.withContiguousBytes { unsafe decode($0) }.get()
    }

    /// The same for what a frame holds: another module's generic call would look up its types for each event.
    package static func decode(_ json: ArraySlice<UInt8>) throws(EnvelopeError) -> Envelope {
        try unsafe json.withUnsafeBufferPointer { unsafe decode($0) }.get()
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Envelope, EnvelopeError> {
        let count = bytes.count
        guard count <= maximumBytes else {
            return .failure(.malformed("\(count) bytes, more than the \(maximumBytes) of the largest envelope"))
        }
        var json = unsafe JSONReader(bytes)
        do throws(EnvelopeError) {
            let envelope = try Envelope.read(from: &json)
            try json.expectEnd()
            return .success(envelope)
        } catch {
            return .failure(error)
        }
    }
}

/// Why bytes are not an envelope that this version understands.
package enum EnvelopeError: Error, Hashable, Sendable {
    case malformed(String)
    case unknownType(String)
    case unsupportedVersion(String)
}
