import FoundationEssentials
import ServiceRuntime

/// The settings as the services read them; remarks about them go to standard error.
enum CommandSettings {
    /// Reads the environment, `.env` and the settings file; `configFile` is what `--config-file` names.
    static func load(configFile: String?) throws -> Settings {
        let sources = ConfigurationSources(
            environment: ProcessInfo.processInfo.environment,
            configFile: configFile
        )
        let (settings, warnings) = try sources.load()
        for warning in warnings { Terminal.error.write("warning: \(warning)\n") }
        return settings
    }
}
