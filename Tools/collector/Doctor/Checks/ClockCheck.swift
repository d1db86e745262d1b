import Protocol
import ServiceRuntime
import TwitchAPI

/// This machine's time beside that of Twitch's servers.
enum ClockCheck {
    /// A `Date` header has whole seconds, and an answer its way; beyond this it is the clock.
    static let tolerance = Duration.seconds(5)

    static func look(_ time: (theirs: String?, ours: Timestamp)?) throws -> String {
        guard let time, let text = time.theirs, let theirs = HTTPDate.parse(text) else {
            throw NotApplicable(reason: "the server does not tell the time")
        }
        // On average the header is half a second old when it is sent.
        let skew = Duration.milliseconds(time.ours.rawValue - theirs.rawValue - 500)
        let seconds = abs(skew / .seconds(1))
        let side = skew < .zero ? "behind" : "ahead of"
        guard seconds <= tolerance / .seconds(1) else {
            throw Complaint(
                ExitStatus.configuration.rawValue,
                "\(Int(seconds.rounded())) s \(side) Twitch's",
                advice: "let a time service set it: timedatectl set-ntp true"
            )
        }
        return seconds < 1.5 ? "right within the second" : "\(Int(seconds.rounded())) s \(side) Twitch's, which is fine"
    }
}
