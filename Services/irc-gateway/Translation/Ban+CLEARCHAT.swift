import Protocol
import TwitchIRC

extension Ban {
    /// A timeout, or a permanent ban when `seconds` is nil.
    init(_ clear: ClearChat, login: String, userID: String, seconds: Int?, _ context: LineContext) {
        let bannedAt = clear.sentAt(context)
        self.init(
            broadcasterUserID: clear.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            userID: userID,
            userLogin: login,
            isPermanent: seconds == nil,
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
