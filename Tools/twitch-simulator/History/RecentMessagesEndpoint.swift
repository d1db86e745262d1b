import Foundation
import HTTPTypes
import Hummingbird

extension Simulator {
    /// Answers `GET /api/v2/recent-messages/LOGIN`.
    func recentMessages(of login: String, _ query: FormFields) -> TwitchReply {
        let fault = self.historyFaults.take(endpoint: "recent-messages", at: self.clock.uptime())
        if let instead = fault?.replyInstead(as: .history) { return instead }
        var reply = self.recentMessages(login, query)
        fault?.apply(to: &reply)
        return reply
    }

    private func recentMessages(_ login: String, _ query: FormFields) -> TwitchReply {
        guard Login.isValid(login) else {
            return HistoryRefusal(status: 400, code: "invalid_channel_login", text: "Invalid channel login").reply
        }
        var numbers: [String: Int64] = [:]
        for name in ["limit", "before", "after"] {
            guard let text = query[name] else { continue }
            guard let number = Int64(text), number >= (name == "limit" ? 1 : 0) else {
                return HistoryRefusal(status: 400, code: "invalid_query", text: "Invalid \(name)").reply
            }
            numbers[name] = number
        }
        guard let lines = self.history.lines(of: login, at: self.clock.unixMilliseconds()) else {
            return HistoryRefusal(
                status: 200,
                code: "channel_not_joined",
                text: "The bot is currently not joined to this channel (in progress or failed previously)"
            ).reply
        }
        let wanted = lines.filter {
            $0.receivedAt < numbers["before"] ?? .max && $0.receivedAt > numbers["after"] ?? .min
        }
        let newest = wanted.suffix(Int(min(numbers["limit"] ?? .max, Int64(RecentMessages.capacity))))
        return .json(["messages": .strings(newest.map(\.text)), "error": .null, "error_code": .null])
    }
}

/// What a recent-messages service says when it has nothing.
struct HistoryRefusal: Sendable {
    var status: Int
    var code: String
    var text: String

    var reply: TwitchReply {
        .json(["messages": [], "error": .string(self.text), "error_code": .string(self.code)], status: self.status)
    }
}

/// `/api/v2/recent-messages/…` over HTTP.
enum HistoryRoutes {
    static func add(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        router.get("api/v2/recent-messages/:login") { request, context in
            let login = context.parameters.get("login") ?? ""
            return try await simulator.recentMessages(of: login, request.queryFields).response(context)
        }
        router.post("faults/history") { request, _ in
            try await ControlServer.with(HTTPFaultRequest.self, request) {
                try $0.check(["recent-messages"])
                return try ControlServer.json(ControlCount(count: await simulator.addHistoryFault($0)))
            }
        }
    }
}

extension Simulator {
    fileprivate func addHistoryFault(_ request: HTTPFaultRequest) -> Int {
        self.historyFaults.add(request, at: self.clock.uptime())
        return request.count ?? 1
    }
}
