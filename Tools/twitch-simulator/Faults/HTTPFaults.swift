import Foundation

/// The body of `POST /faults/oauth`, `/faults/helix` and `/faults/history`.
struct HTTPFaultRequest: Decodable, Sendable {
    /// The last part of the path; absent means every endpoint.
    var endpoint: String?
    /// Only requests with this `grant_type`.
    var grantType: String?
    /// Answer with this instead of doing anything.
    var status: Int?
    var message: String?
    /// How many requests it befalls: 1, or without end when a duration is given.
    var count: Int?
    /// How long it lasts.
    var durationMilliseconds: Int64?
    var delayMilliseconds: Int64?
    var drop: HTTPFault.Drop?
    /// Helix, with status 429: how far away `Ratelimit-Reset` is (1000).
    var resetAfterMilliseconds: Int64?
    /// This text is the answer, with `status` (200) and `contentType` (`application/json`).
    var body: String?
    var contentType: String?
    /// Headers of the answer beside its own, or instead of them.
    var headers: [String: String]?
    /// What is done to the answer's JSON.
    var set: [String: String]?
    var remove: [String]?
    var insert: String?
    var item: Int?
    /// The answer ends after so many bytes, as if they were all.
    var truncate: Int?
}

/// Something that goes wrong with one HTTP request.
struct HTTPFault: Sendable {
    /// When the connection is cut.
    enum Drop: String, Decodable, Sendable {
        /// Nothing is done.
        case before
        /// It is done, but the answer is lost.
        case after
    }

    var endpoint: String?
    var grantType: String?
    var status: Int?
    var message: String?
    var delayMilliseconds: Int64
    var drop: Drop?
    var resetAfterMilliseconds: Int64 = 1000
    /// The whole answer, instead of doing anything.
    var body: String?
    var distortion = AnswerDistortion()

    /// Whose errors: each has its own keys.
    enum Style: Sendable {
        case oauth
        case helix
        case history
    }

    /// The answer that stands for all the work; `nil` when the work is done.
    func replyInstead(as style: Style) -> TwitchReply? {
        if self.drop == .before {
            return TwitchReply(status: 0, delayMilliseconds: self.delayMilliseconds, isDropped: true)
        }
        var reply: TwitchReply
        if let body {
            reply = TwitchReply(status: self.status ?? 200, body: Data(body.utf8))
            self.apply(to: &reply)
            return reply
        }
        guard let status else { return nil }
        if status >= 500, self.message == nil {
            // What stands in front of the API answers, and knows no JSON.
            let page = "<html><body><h1>\(status) \(HelixRefusal.reason(status))</h1></body></html>\n"
            reply = .html(page, status: status)
        } else {
            let message = self.message ?? (status == 401 ? "Invalid OAuth token" : HelixRefusal.reason(status))
            reply =
                switch style {
                case .oauth: OAuthRefusal(status: status, message: message).reply
                case .helix: HelixRefusal(status: status, message: message).reply
                case .history: HistoryRefusal(status: status, code: message, text: message).reply
                }
        }
        self.apply(to: &reply)
        return reply
    }

    /// What happens to the answer of work that was done.
    func apply(to reply: inout TwitchReply) {
        reply.delayMilliseconds += self.delayMilliseconds
        reply.isDropped = self.drop == .after
        self.distortion.apply(to: &reply)
    }
}

/// The faults in force for one of the HTTP APIs, the oldest first.
struct HTTPFaults {
    private struct Item {
        var fault: HTTPFault
        var remaining: Int
        var until: Int64
    }

    private var items: [Item] = []

    /// Adds a fault; `now` is uptime in nanoseconds.
    mutating func add(_ request: HTTPFaultRequest, at now: Int64) {
        let fault = HTTPFault(
            endpoint: request.endpoint,
            grantType: request.grantType,
            status: request.status,
            message: request.message,
            delayMilliseconds: request.delayMilliseconds ?? 0,
            drop: request.drop,
            resetAfterMilliseconds: request.resetAfterMilliseconds ?? 1000,
            body: request.body,
            distortion: AnswerDistortion(
                contentType: request.contentType,
                headers: request.headers ?? [:],
                set: request.set ?? [:],
                remove: Set(request.remove ?? []),
                insert: request.insert,
                item: request.item,
                truncate: request.truncate
            )
        )
        self.items.append(
            Item(
                fault: fault,
                remaining: request.count ?? (request.durationMilliseconds == nil ? 1 : .max),
                until: request.durationMilliseconds.map { now + $0 * 1_000_000 } ?? .max
            )
        )
    }

    /// The fault that befalls a request.
    mutating func take(endpoint: String, grantType: String? = nil, at now: Int64) -> HTTPFault? {
        self.items.removeAll { $0.until <= now || $0.remaining <= 0 }
        for index in self.items.indices {
            let fault = self.items[index].fault
            guard fault.endpoint == nil || fault.endpoint == endpoint else { continue }
            guard fault.grantType == nil || fault.grantType == grantType else { continue }
            self.items[index].remaining -= 1
            return fault
        }
        return nil
    }

    mutating func clear() { self.items = [] }
}

extension HTTPFaultRequest {
    /// Refuses a request that makes no sense to an API with these endpoints.
    func check(_ endpoints: [String]) throws {
        if let endpoint, !endpoints.contains(endpoint) {
            throw ControlError("endpoint: '\(endpoint)' is none of \(endpoints.joined(separator: ", "))")
        }
        let statuses = self.body == nil ? 400...599 : 200...599
        if let status, !statuses.contains(status) {
            throw ControlError("status must be 400 to 599, or with a body 200 to 599")
        }
        let isDistorted =
            self.set != nil || self.remove != nil || self.insert != nil || self.truncate != nil
            || self.headers != nil || self.contentType != nil
        guard
            self.status != nil || self.drop != nil || self.body != nil || isDistorted
                || (self.delayMilliseconds ?? 0) > 0
        else {
            throw ControlError(
                "one of status, body, set, remove, insert, truncate, headers, content_type, delay_milliseconds and drop "
                    + "is needed"
            )
        }
        guard self.truncate ?? 0 >= 0, self.item ?? 0 >= 0 else {
            throw ControlError("truncate and item are 0 or more")
        }
        guard self.count ?? 1 >= 1 else { throw ControlError("count must be 1 or more") }
    }
}
