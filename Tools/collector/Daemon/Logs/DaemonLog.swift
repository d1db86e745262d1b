import FoundationEssentials
import Logging
import ServiceRuntime

/// The log file of one daemon: whatever its service writes to standard error, crashes included, and what the supervisor
/// has to say. Rotated by size.
struct DaemonLog: Sendable {
    private let output: LogOutput
    private let logger: Logger

    /// `STATE_DIR/log`.
    static func folder(_ stateDirectory: String) -> String { "\(stateDirectory)/log" }

    static func path(of service: DaemonService, stateDirectory: String) -> String {
        "\(folder(stateDirectory))/\(service.name).log"
    }

    /// Opens the file, and makes its folder.
    init(_ service: DaemonService, stateDirectory: String, settings: Settings) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: Self.folder(stateDirectory),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure(
                ExitStatus.cannotCreate.rawValue,
                "cannot make \(Self.folder(stateDirectory)); let the user that runs this own it"
            )
        }
        let path = Self.path(of: service, stateDirectory: stateDirectory)
        let output = LogOutput(descriptor: nil, file: try LogSettings.file(path, settings))
        let handler = ServiceLogHandler(
            service: service.name,
            level: .warning,
            format: try settings.choice("LOG_FORMAT", default: .json),
            coloured: false,
            output: output
        )
        self.output = output
        logger = Logger(label: service.name) { _ in handler }
    }

    /// A line that the service wrote: its own records as they are, anything else, such as a crash, as a record of ours.
    func add(_ line: String) {
        guard LogRecord.time(of: line) == nil else { return output.write(line + "\n") }
        if !line.isEmpty { logger.warning("\(line)") }
    }

    /// What the supervisor itself has to say.
    func remark(_ line: String) { logger.error("\(line)") }
}
