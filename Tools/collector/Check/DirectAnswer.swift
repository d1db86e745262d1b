import Protocol
import ServiceRuntime
import TwitchAPI

/// One look at Twitch itself: Get Users, then Get Streams of who was found.
struct DirectAnswer: Sendable {
    let helix: HelixClient

    func report(_ list: ChannelList, now: Timestamp) async -> CheckReport {
        let byLogin = await helix.users(logins: list.logins)
        // An id beside a login counts where nobody has the login any more.
        let missing = Set(list.logins).subtracting(byLogin.items.map(\.login))
        let byID = await helix.users(ids: list.userIDs + missing.sorted().compactMap { list.idsOfLogins[$0] })
        let users = byLogin.items + byID.items
        let streams = await helix.streams(userIDs: users.map(\.id))
        let live = Dictionary(streams.items.map { ($0.userID, $0) }, uniquingKeysWith: { first, _ in first })

        func row(_ listed: String, _ user: HelixUser?, wasAnswered: Bool) -> CheckReport.Channel {
            guard let user else { return .init(listedAs: listed, state: wasAnswered ? .unknown : .unanswered) }
            let state: CheckReport.State =
                live[user.id].map { .live(CheckReport.Live($0)) }
                ?? (streams.answered.contains(user.id) ? .offline : .unanswered)
            return .init(listedAs: listed, userID: user.id, login: user.login, name: user.displayName, state: state)
        }
        let rows =
            list.logins.map { login in
                let id = list.idsOfLogins[login]
                return row(
                    login,
                    users.first { $0.login == login } ?? users.first { $0.id == id },
                    wasAnswered: byLogin.answered.contains(login) || byLogin.refused.contains(login)
                )
            }
            + list.userIDs.map { id in
                row(
                    id,
                    users.first { $0.id == id },
                    wasAnswered: byID.answered.contains(id) || byID.refused.contains(id)
                )
            }
        let failures = byLogin.failures.map(\.error) + byID.failures.map(\.error) + streams.failures.map(\.error)
        var trouble = failures.first.map { "\($0)" }
        if trouble == nil, rows.contains(where: { $0.state == .unanswered }) {
            trouble = "Twitch's API tells something that cannot be read, so that some channels are not known"
        }
        var report = CheckReport(source: .twitch, now: now, channels: rows, trouble: trouble)
        report.isRefused = failures.contains { ["unauthorized", "forbidden"].contains($0.label) }
        return report
    }
}

extension CheckReport.Live {
    fileprivate init(_ stream: HelixStream) {
        self.init(
            streamID: stream.id,
            title: stream.title ?? "",
            category: stream.categoryName ?? "",
            language: stream.language ?? "",
            viewers: stream.viewerCount ?? 0,
            startedAt: stream.startedAt.flatMap { Timestamp($0) }
        )
    }
}
