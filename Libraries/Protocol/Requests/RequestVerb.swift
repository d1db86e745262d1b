/// What can be asked of a producer's request socket: the first word of each request and of its reply.
package enum RequestVerb: String, CaseIterable, Sendable {
    /// Who are you?
    case hello = "HELLO"
    /// How far does each partition go?
    case heads = "HEADS"
    /// Which events come after these offsets?
    case fetch = "FETCH"
    /// What is the present state of a topic?
    case snap = "SNAP"
    /// This much is committed.
    case ack = "ACK"

    /// The version of the requests described here, announced by both sides in HELLO.
    package static let protocolVersion = 1
}
