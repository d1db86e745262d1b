import Logging
import Protocol

/// Tells a person what happened to the streams: one line each for a start, an end and a rename.
struct StreamLog: Sendable {
    let logger: Logger

    func tell(_ before: Watch, _ after: Watch) {
        for (user, stream) in after.tracker.live where before.tracker.live[user]?.id != stream.id {
            logger.info(
                "A stream began",
                metadata: [
                    PollerLogKey.channel: "\(stream.update.broadcasterUserLogin)",
                    PollerLogKey.stream: "\(stream.id)",
                    PollerLogKey.category: "\(stream.update.categoryName)",
                    PollerLogKey.startedAt: "\(stream.startedAt)",
                ]
            )
        }
        for (user, ended) in after.tracker.ended where before.tracker.ended[user]?.event != ended.event {
            logger.info(
                "A stream is over",
                metadata: [
                    PollerLogKey.channel: "\(ended.event.broadcasterUserLogin)",
                    PollerLogKey.stream: "\(ended.event.streamID)",
                    PollerLogKey.endedAt: "\(ended.event.endedAt)",
                    PollerLogKey.basis: "\(ended.event.endedAtBasis)",
                ]
            )
        }
        for (user, account) in after.directory.accounts {
            guard let old = before.directory.accounts[user]?.login, old != account.login else { continue }
            logger.notice(
                "A channel was renamed; it is followed under its new login",
                metadata: [
                    PollerLogKey.user: "\(user)", PollerLogKey.login: "\(account.login)",
                    PollerLogKey.previousLogin: "\(old)",
                ]
            )
        }
        let unknown = Set(after.directory.unknown).subtracting(before.directory.unknown)
        if !unknown.isEmpty {
            logger.warning(
                "Twitch does not know these channels: misspelt, suspended or deleted; they are looked up again each hour",
                metadata: [PollerLogKey.names: "\(unknown.sorted().joined(separator: ", "))"]
            )
        }
    }
}
