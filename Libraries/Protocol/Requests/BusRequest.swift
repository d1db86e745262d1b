/// One request to a producer: one frame, `<VERB> <JSON>`.
package enum BusRequest: Hashable, Sendable {
    case hello(HelloRequest)
    case heads(HeadsRequest)
    case fetch(FetchRequest)
    case snap(SnapRequest)
    case ack(AckRequest)

    package var verb: RequestVerb {
        switch self {
        case .hello: .hello
        case .heads: .heads
        case .fetch: .fetch
        case .snap: .snap
        case .ack: .ack
        }
    }

    /// The number by which the asker knows the reply.
    package var request: Int {
        switch self {
        case .hello(let message): message.request
        case .heads(let message): message.request
        case .fetch(let message): message.request
        case .snap(let message): message.request
        case .ack(let message): message.request
        }
    }

    package func encode() throws -> [UInt8] {
        switch self {
        case .hello(let message): try VerbFrame.encode(verb.rawValue, message)
        case .heads(let message): try VerbFrame.encode(verb.rawValue, message)
        case .fetch(let message): try VerbFrame.encode(verb.rawValue, message)
        case .snap(let message): try VerbFrame.encode(verb.rawValue, message)
        case .ack(let message): try VerbFrame.encode(verb.rawValue, message)
        }
    }

    /// Reads a request. What is thrown is the reply that the asker should get.
    package static func decode(_ frame: some Collection<UInt8>) throws(ErrorReply) -> BusRequest {
        let parts = VerbFrame(frame)
        guard let verb = RequestVerb(rawValue: parts.verb) else {
            let known = RequestVerb.allCases.map(\.rawValue).joined(separator: ", ")
            throw ErrorReply(request: parts.request, code: "unknown_verb", message: "expected one of \(known)")
        }
        do throws(EnvelopeError) {
            switch verb {
            case .hello: return .hello(try ColdJSON.decode(parts.json))
            case .heads: return .heads(try ColdJSON.decode(parts.json))
            case .fetch: return .fetch(try ColdJSON.decode(parts.json))
            case .snap: return .snap(try ColdJSON.decode(parts.json))
            case .ack: return .ack(try ColdJSON.decode(parts.json))
            }
        } catch {
            throw ErrorReply(request: parts.request, code: "malformed", message: "\(error)")
        }
    }
}
