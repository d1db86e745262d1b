package import Protocol

extension Envelope {
    /// The envelope's `id`, `producer/offset`: the key of a row whose event has none of its own.
    package var eventID: String { "\(producer)/\(offset)" }
}
