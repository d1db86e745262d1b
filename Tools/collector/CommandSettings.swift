import FoundationEssentials
import ServiceRuntime

/// The settings as the services read them; remarks about them go to standard error.
enum CommandSettings {
    /// Reads the environment, `.env` and the settings file.
    /// - Parameters:
    ///   - configFile: What `--config-file` names.
    ///   - overrides: What the command line decided.
    /// - Returns: The settings.
    /// - Throws: `ConfigurationError` where a file cannot be read.
    static func load(configFile: String?, overrides: [String: String] = [:]) throws -> Settings {
        let (settings, warnings) = try sources(configFile, overrides: overrides).load()
        for warning in warnings { Terminal.error.write("warning: \(warning)\n") }
        return settings
    }

    /// The same for a command that looks at what runs here: what a person leaves open is as the running services have it.
    static func ofWhatRuns(
        configFile: String?,
        for concern: RunningInstance.Concern
    ) throws -> SettingsOfWhatRuns {
        let own = try load(configFile: configFile)
        guard let instance = RunningInstance.find(try own.stateDirectoryPath()),
            let defaults = try instance.defaults(beside: own, for: concern)
        else { return SettingsOfWhatRuns(settings: own, instance: nil, taken: [:]) }
        let (settings, _) = try sources(
            configFile,
            overrides: ["STATE_DIR": instance.stateDirectory],
            defaults: defaults
        ).load()
        return SettingsOfWhatRuns(settings: settings, instance: instance, taken: defaults)
    }

    private static func sources(
        _ configFile: String?,
        overrides: [String: String],
        defaults: [String: String] = [:]
    ) -> ConfigurationSources {
        ConfigurationSources(
            overrides: overrides,
            environment: ProcessInfo.processInfo.environment,
            configFile: configFile,
            defaults: defaults
        )
    }
}

/// A person's settings, completed by those of the services that run here.
struct SettingsOfWhatRuns: Sendable {
    var settings: Settings
    /// Nil where nothing runs, or where the person asks about something else.
    var instance: RunningInstance?
    /// What was taken from the running services.
    var taken: [String: String]
}

extension SettingsOfWhatRuns {
    /// What gives a service that is started from here the same settings.
    var environment: [String: String] {
        instance.map { taken.merging(["STATE_DIR": $0.stateDirectory]) { $1 } } ?? [:]
    }
}
