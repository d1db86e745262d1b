import Logging
import Synchronization

/// What SIGHUP does: the log file is opened anew, settings are read again, and who asked for it reads its own files again.
///
/// Of the settings only `LOG_LEVEL`, `CHANNELS` and `CHANNELS_FILE` apply without a restart; others that have changed are
/// named in the log.
package final class SettingsReload: Sendable {
    /// Which reload was the last, and the settings it found.
    package struct State: Sendable {
        /// Counts from 0, which is the start.
        package var generation: Int
        package var settings: Settings
    }

    private static let applied: Set<String> = ["CHANNELS", "CHANNELS_FILE", "LOG_LEVEL"]

    private let sources: ConfigurationSources
    private let output: LogOutput
    private let logger: Logger
    private let state: Mutex<State>

    init(_ settings: Settings, from sources: ConfigurationSources, output: LogOutput, logger: Logger) {
        self.sources = sources
        self.output = output
        self.logger = logger
        self.state = Mutex(State(generation: 0, settings: settings))
    }

    /// For parts that look now and then whether something is new.
    package var current: State { self.state.withLock { $0 } }

    /// Reads everything again. What cannot be used changes nothing but is reported; files of channels are read all the same.
    /// Blocks on the disk.
    func perform() {
        self.output.reopen()
        let before = self.current.settings
        var settings = before
        do {
            let (loaded, warnings) = try self.sources.load()
            for warning in warnings {
                self.logger.warning("unknown setting", metadata: .keyed([.reason: "\(warning)"]))
            }
            let level = try LogSettings.level(loaded)
            _ = try ChannelListSource(loaded)
            self.output.level = level
            settings = loaded
        } catch {
            self.logger.error("settings not reloaded; they stay as they were", metadata: .keyed([.reason: "\(error)"]))
        }
        let changed = Settings.namedVariables.filter { settings.raw($0) != before.raw($0) }.sorted()
        let later = changed.filter { !Self.applied.contains($0) }
        if !later.isEmpty {
            self.logger.warning(
                "settings have changed that apply after a restart only",
                metadata: .keyed([.reason: "\(later.joined(separator: ", "))"])
            )
        }
        self.state.withLock { state in
            state.generation += 1
            state.settings = settings
        }
        self.logger.notice("reloaded", metadata: .keyed([.reason: "SIGHUP"]))
    }
}
