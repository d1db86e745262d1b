import Protocol
import ServiceRuntime

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

/// `Fri, 27 Nov 2026 22:09:23 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func parse(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month + 1
        return Timestamp("\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
    }
}
