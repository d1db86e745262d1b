/// What the bus carries: `<topic>\n<envelope JSON>` in one ZeroMQ frame.
package enum EventFrame {
    /// Puts a draft into its frame once the journal has given it a place.
    package static func encode(
        _ draft: EventDraft,
        service: String,
        producer: String,
        partition: Int,
        offset: Offset,
        previous: Offset
    ) -> [UInt8] { [] }
}

/// What a follower needs of a frame to decide on it, read without decoding the event.
///
/// Relies on the envelope's own key order (`data` last), which golden files pin; anything else is nil.
package struct FrameHeader: Hashable, Sendable {
    package var producer: String
    package var partition: Int
    package var offset: Offset
    package var previous: Offset
    /// Where the JSON begins in the frame.
    package var jsonStart: Int

    package init?(_ frame: some RandomAccessCollection<UInt8>) { return nil }
}
