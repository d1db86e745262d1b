/// Who may connect where: the decisions of the ZAP handler (https://rfc.zeromq.org/spec/27/), without its socket.
struct CurveAccess: Sendable {
    /// A request's frames that matter.
    struct Request: Hashable, Sendable {
        var version: [UInt8]
        var number: [UInt8]
        var domain: String
        var mechanism: [UInt8]
        /// The client's public key in Z85; nil when there is none.
        var key: String?

        /// Nil unless there are the six frames that every request has.
        init?(_ frames: [[UInt8]]) {
            guard frames.count >= 6 else { return nil }
            version = frames[0]
            number = frames[1]
            domain = String(decoding: frames[2], as: UTF8.self)
            mechanism = frames[5]
            key = frames.count == 7 ? CurveKeyText.text(of: frames[6]) : nil
        }
    }

    private struct Domain {
        /// Names by public key.
        var allowed: [String: String]
        var refusals = 0
        /// The last refused keys, for the operator's log.
        var refused: [String] = []
    }

    private static let version = Array("1.0".utf8)
    private static let mechanism = Array("CURVE".utf8)
    private static let rememberedKeys = 16

    private var domains: [String: Domain] = [:]

    /// Replaces who may connect in a domain: names by public key.
    mutating func allow(_ keys: [String: String], in domain: String) {
        domains[domain, default: Domain(allowed: [:])].allowed = keys
    }

    mutating func remove(_ domain: String) {
        domains[domain] = nil
    }

    /// The name under which to let a client in; nil refuses it. What is not exactly as expected is refused.
    mutating func decide(_ request: Request) -> String? {
        guard request.version == Self.version, request.mechanism == Self.mechanism, let key = request.key,
            var domain = domains[request.domain]
        else { return nil }
        if let name = domain.allowed[key] { return name }
        domain.refusals += 1
        domain.refused.append(key)
        if domain.refused.count > Self.rememberedKeys { domain.refused.removeFirst() }
        domains[request.domain] = domain
        return nil
    }

    /// The public keys refused since the last call, at most the last 16.
    mutating func takeRefused(in domain: String) -> [String] {
        guard let refused = domains[domain]?.refused, !refused.isEmpty else { return [] }
        domains[domain]?.refused = []
        return refused
    }

    /// The frames of the reply to a request: libzmq keeps the name as the `User-Id` of the connection's messages.
    static func reply(to number: [UInt8], name: String?) -> [[UInt8]] {
        [version, number, Array((name == nil ? "400" : "200").utf8), [], Array((name ?? "").utf8), []]
    }
}
