import Protocol
import TwitchIRC

extension Ban {
    /// A timeout of so many seconds, nil for a length that cannot be read; or a permanent ban.
    init(
        _ clear: ClearChat,
        login: String,
        userID: String,
        isPermanent: Bool,
        seconds: Int? = nil,
        _ context: LineContext
    ) {
        let bannedAt = clear.sentAt(context)
        self.init(
            broadcasterUserID: clear.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            userID: userID,
            userLogin: login,
            isPermanent: isPermanent,
            durationSeconds: seconds,
            bannedAt: bannedAt,
            endsAt: seconds.flatMap { Self.end(of: bannedAt, seconds: $0) },
            reason: clear.reason,
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }

    /// Nil when the sum is no time any more: numbers come from outside.
    private static func end(of start: Timestamp, seconds: Int) -> Timestamp? {
        let (milliseconds, isTooLong) = Int64(seconds).multipliedReportingOverflow(by: 1000)
        let (end, isTooLate) = start.rawValue.addingReportingOverflow(milliseconds)
        return isTooLong || isTooLate ? nil : Timestamp(rawValue: end)
    }
}
