/// Why a channel is no longer listened to: the `reason` of `collection.stopped`.
enum StopReason: String, Hashable, Sendable {
    case shutdown
    case removed
    case moved
    /// Another gateway listens to it.
    case handedOver = "handed_over"
    case connectionLost = "connection_lost"
    case parted
    case suspended
    case banned
    case crashed
}
