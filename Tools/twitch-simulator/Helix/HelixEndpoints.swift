import Foundation
import HTTPTypes

/// What Helix is asked for.
enum HelixEndpoint: String, CaseIterable, Sendable {
    case users
    case streams
    case channels
}

/// A request to Helix as it came.
struct HelixRequest: Sendable {
    var query: FormFields
    var authorization: String?
    var clientID: String?
}

/// Who asks.
struct HelixCaller: Sendable {
    var clientID: String
    /// `nil` with an app token.
    var userID: String?
    var scopes: [String]
}

extension Simulator {
    /// Answers one request: the fault that awaits it, or the work; in any case an entry in the log.
    func helix(_ endpoint: HelixEndpoint, _ request: HelixRequest) -> TwitchReply {
        var call = HelixCall(endpoint: endpoint.rawValue)
        call.atMilliseconds = self.clock.unixMilliseconds()
        call.clientID = request.clientID
        call.parameters = request.query.counts
        call.fingerprint = Self.bearer(request).map(TokenText.fingerprint)
        let fault = self.helixFaults.take(endpoint: endpoint.rawValue, at: self.clock.uptime())
        call.isFault = fault != nil
        var reply: TwitchReply
        if let fault, let instead = fault.replyInstead(as: .helix) {
            reply = instead
            call.message = fault.message
            if fault.status == 429 {
                self.addRateLimit(to: &reply, remaining: 0, wait: fault.resetAfterMilliseconds)
            }
        } else {
            reply = self.perform(endpoint, request, &call)
            fault?.apply(to: &reply)
        }
        call.status = reply.status
        self.helixLog.append(call)
        return reply
    }

    private func perform(_ endpoint: HelixEndpoint, _ request: HelixRequest, _ call: inout HelixCall) -> TwitchReply {
        let caller: HelixCaller
        do {
            caller = try self.caller(request)
        } catch {
            call.message = error.message
            return error.reply
        }
        call.login = caller.userID.flatMap { self.users.login(of: $0) }
        // One bucket for a client's app tokens, and one for each of its users.
        let key = "\(caller.clientID)/\(caller.userID ?? "")"
        var bucket = self.buckets[key] ?? PointsBucket(limit: self.settings.helix.pointsPerMinute)
        let isWithinLimit = bucket.take(at: self.now)
        self.buckets[key] = bucket
        call.remaining = bucket.remaining
        var reply: TwitchReply
        do throws(HelixRefusal) {
            guard isWithinLimit else { throw HelixRefusal.tooManyRequests }
            let list =
                switch endpoint {
                case .users: try self.getUsers(request.query, caller)
                case .streams: try self.getStreams(request.query)
                case .channels: try self.getChannels(request.query)
                }
            call.items = list.items.count
            reply = list.reply
        } catch {
            call.message = error.message
            reply = error.reply
        }
        self.addRateLimit(to: &reply, remaining: bucket.remaining, wait: bucket.wait(at: self.now))
        return reply
    }

    private static func bearer(_ request: HelixRequest) -> String? {
        guard let header = request.authorization, header.hasPrefix("Bearer "), header.count > 7 else { return nil }
        return String(header.dropFirst(7))
    }

    private func caller(_ request: HelixRequest) throws(HelixRefusal) -> HelixCaller {
        guard let token = Self.bearer(request) else { throw .missingToken }
        guard let client = request.clientID, !client.isEmpty else { throw .missingClientID }
        guard let found = self.authorization.live(token, at: self.now) else { throw .invalidToken }
        guard found.clientID == client else { throw .mismatch }
        return HelixCaller(clientID: client, userID: found.userID, scopes: found.scopes ?? [])
    }

    /// Adds `Ratelimit-*`; `wait` is the milliseconds until all points are back.
    private func addRateLimit(to reply: inout TwitchReply, remaining: Int, wait: Int64) {
        let reset = (self.clock.unixMilliseconds() + wait + 999) / 1000
        for (name, value) in [
            ("Ratelimit-Limit", Int64(self.settings.helix.pointsPerMinute)), ("Ratelimit-Remaining", Int64(remaining)),
            ("Ratelimit-Reset", reset),
        ] {
            if let name = HTTPField.Name(name) { reply.headers[name] = String(value) }
        }
    }
}

/// The items of an answer; a list with pages has `pagination`.
struct HelixList: Sendable {
    var items: [JSONValue]
    var isPaged = false
    var cursor: String?

    var reply: TwitchReply {
        var keys: [String: JSONValue] = ["data": .array(self.items)]
        if self.isPaged { keys["pagination"] = .object(self.cursor.map { ["cursor": .string($0)] } ?? [:]) }
        return .json(.object(keys))
    }
}
