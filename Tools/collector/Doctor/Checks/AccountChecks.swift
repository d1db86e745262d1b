import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI
import TwitchChat

/// Who we are to Twitch: the token, Helix, and the login to chat.
struct AccountChecks: Sendable {
    let context: AuthContext
    let chat: ChatServer
    let clock: WallClock
    let notes: DoctorNotes

    func checks() -> [Check] {
        [
            Check(name: .token, needs: [.directories, .loginServer]) { _ in
                try await TokenCheck(context: context, clock: clock, notes: notes).look()
            },
            Check(name: .helix, needs: [.channels, .apiServer, .token]) { _ in try await helix() },
            Check(name: .channelNames, needs: [.helix]) { _ in try channelNames() },
            Check(name: .chatLogin, needs: [.chatServer], after: [.token]) { _ in try await chatLogin() },
        ]
    }

    private func helix() async throws -> String {
        guard let token = notes.current.helix else {
            throw NotApplicable(reason: "there is nothing to ask it with")
        }
        var timing = HelixTiming()
        timing.attempts = 1
        timing.rateLimitWaits = 0
        timing.timeout = .seconds(4)
        timing.tokenWait = .zero
        let client = HelixClient(
            http: context.http,
            baseURL: try .helix(context.settings),
            tokens: token,
            timing: timing
        )
        // One request, one point: the first hundred.
        let list = try ChannelList.load(settings: context.settings)
        let logins = Array(list.logins.prefix(HelixClient.batchSize))
        let answer =
            logins.isEmpty
            ? await client.users(ids: Array(list.userIDs.prefix(HelixClient.batchSize)))
            : await client.users(logins: logins)
        if let failure = answer.failures.first?.error { throw Self.complaint(failure) }
        let known = Set(answer.items.map { logins.isEmpty ? $0.id : $0.login })
        let asked = logins.isEmpty ? Array(list.userIDs.prefix(HelixClient.batchSize)) : logins
        notes.note { $0.unknownChannels = asked.filter { !known.contains($0) } }
        return "answers; \(known.count) of \(asked.count) channels found"
    }

    private static func complaint(_ failure: HelixError) -> Complaint {
        switch failure {
        case .unauthorized, .forbidden, .noToken:
            Complaint(77, "\(failure)", advice: "log in again with: collector auth login")
        case .unreachable, .unreadable, .badRequest, .cancelled:
            Complaint(ExitStatus.unavailable.rawValue, "\(failure)", advice: "look at TWITCH_API_URL and the network")
        case .rateLimited, .unavailable:
            Complaint(
                ExitStatus.temporary.rawValue,
                "\(failure)",
                advice: "nothing to do here: chat is collected all the same; see https://status.twitch.com"
            )
        }
    }

    private func channelNames() throws -> String {
        guard let unknown = notes.current.unknownChannels else {
            throw NotApplicable(reason: "Helix was not asked")
        }
        guard unknown.isEmpty else {
            let names = unknown.prefix(5).joined(separator: ", ")
            throw Complaint(
                ExitStatus.configuration.rawValue,
                "Twitch does not know \(names)\(unknown.count > 5 ? " and \(unknown.count - 5) more" : "")",
                advice: "misspelt, renamed or suspended: correct CHANNELS or the channels file"
            )
        }
        return "all known to Twitch"
    }

    private func chatLogin() async throws -> String {
        let account = notes.current.account
        let credentials = account ?? .randomAnonymous()
        do {
            try await ChatLoginTrial(server: chat, credentials: credentials).run()
        } catch let end as ConnectionEnd {
            var status = ExitStatus.unavailable.rawValue
            var advice = "try again in a minute; Twitch refuses logins that come too often"
            if account != nil, case .loginRefused(let notice) = end, LoginRefusal(notice: notice)?.isAboutToken == true
            {
                status = 77
                advice = "log in again with: collector auth login"
            }
            throw Complaint(status, "\(credentials.nick): \(end.explanation)", advice: advice)
        }
        return account == nil ? "anonymously, as \(credentials.nick)" : "as \(credentials.nick)"
    }
}
