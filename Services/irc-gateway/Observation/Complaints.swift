import Logging
import Synchronization
import TwitchChat

/// Tells of unreadable lines without flooding the log: each at debug, one warning a minute at most.
final class Complaints: Sendable {
    private let logger: Logger
    private let lastWarning = Mutex<ContinuousClock.Instant?>(nil)

    init(logger: Logger) {
        self.logger = logger
    }

    func unreadable(_ line: ArraySlice<UInt8>, because failure: LineTranslator.Failure) {
        logger.log(
            level: level(at: .now),
            "A line cannot be read; it is not stored",
            metadata: [IRCLogKey.error: "\(failure)", IRCLogKey.line: "\(Self.escaped(line))"]
        )
    }

    func tooLong(_ lines: Int) {
        logger.log(
            level: level(at: .now),
            "A line is longer than 32 KiB; it is not stored",
            metadata: [IRCLogKey.count: "\(lines)"]
        )
    }

    /// Something came that is no message, or too large to be one.
    func omitted(_ omission: WebSocketOmission) {
        logger.log(
            level: level(at: .now),
            "Something that Twitch sent was left out",
            metadata: [IRCLogKey.reason: "\(omission.explanation)"]
        )
    }

    func tooLarge(_ line: ArraySlice<UInt8>) {
        logger.log(
            level: level(at: .now),
            "A line does not fit into an event with all that it says; it is stored as an unknown one",
            metadata: [IRCLogKey.count: "\(line.count)", IRCLogKey.line: "\(Self.escaped(line))"]
        )
    }

    /// Printable ASCII as it is, everything else as `\xHH`; cut after 200 bytes.
    static func escaped(_ line: ArraySlice<UInt8>) -> String {
        var text = ""
        for byte in line.prefix(200) {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "\\x0\(digits)" : "\\x\(digits)"
            }
        }
        return line.count > 200 ? text + "…" : text
    }

    private func level(at now: ContinuousClock.Instant) -> Logger.Level {
        lastWarning.withLock { last in
            if let last, now - last < .seconds(60) { return .debug }
            last = now
            return .warning
        }
    }
}
