package import Logging
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the operator wants of the log.
package struct LogSettings: Sendable {
    /// `LOG_LEVEL`.
    package var level: Logger.Level
    /// `LOG_FORMAT`.
    package var format: LogFormat
    /// Whether standard error is a terminal.
    package var isTerminal: Bool
    /// `LOG_FILE`, `LOG_FILE_SIZE`, `LOG_FILE_KEEP`.
    package var file: LogFile?

    /// Opens `LOG_FILE` where there is one, or with `checkOnly` finds out whether it could be opened.
    package init(
        _ settings: Settings,
        isTerminal: Bool = isatty(STDERR_FILENO) == 1,
        checkOnly: Bool = false
    ) throws {
        self.isTerminal = isTerminal
        self.format = try settings.choice("LOG_FORMAT", default: isTerminal ? LogFormat.text : .json)
        self.level = try Self.level(settings)
        _ = try Self.rotation(settings)
        guard let path = try settings.string("LOG_FILE") else { return }
        if checkOnly { try LogFile.check(path) } else { self.file = try Self.file(path, settings) }
    }

    /// `LOG_LEVEL`.
    static func level(_ settings: Settings) throws -> Logger.Level {
        let level = try settings.string("LOG_LEVEL", default: "info")
        guard let level = Logger.Level.parse(level) else {
            throw settings.wrong("LOG_LEVEL", level, "one of trace, debug, info, notice, warning, error, critical")
        }
        return level
    }

    /// Opens a log file that is rotated as `LOG_FILE_SIZE` and `LOG_FILE_KEEP` say.
    package static func file(_ path: String, _ settings: Settings) throws -> LogFile {
        let (limit, kept) = try Self.rotation(settings)
        return try LogFile(path: path, limit: limit, kept: kept)
    }

    private static func rotation(_ settings: Settings) throws -> (limit: Int, kept: Int) {
        let limit = try settings.bytes("LOG_FILE_SIZE", default: 10 * 1_048_576)
        guard limit >= 1024 else { throw settings.wrong("LOG_FILE_SIZE", "\(limit)", "at least 1KiB") }
        return (limit, try settings.integer("LOG_FILE_KEEP", default: 5, in: 0...1000))
    }

    /// The logger of `service`; the first call of a process also decides where libraries log.
    package func logger(for service: String, output: LogOutput? = nil) -> Logger {
        let output = output ?? LogOutput(descriptor: .standardError, file: self.file)
        let handler = ServiceLogHandler(
            service: service,
            level: self.level,
            format: self.format,
            coloured: self.isTerminal && self.format == .text,
            output: output
        )
        let isFirst = Self.isBootstrapped.withLock { isBootstrapped in
            defer { isBootstrapped = true }
            return !isBootstrapped
        }
        if isFirst { LoggingSystem.bootstrap { _ in handler } }
        return Logger(label: service) { _ in handler }
    }

    private static let isBootstrapped = Mutex(false)
}
