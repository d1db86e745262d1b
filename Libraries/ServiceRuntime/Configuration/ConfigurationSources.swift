import Configuration
import SystemPackage

/// What a process reads its settings from, strongest first.
package struct ConfigurationSources: Sendable {
    /// What the command line decided.
    package var overrides: [String: String]
    /// The process environment.
    package var environment: [String: String]
    /// Where `.env` and `collector.yaml` are looked for.
    package var workingDirectory: String
    /// `--config-file`; it must exist. Nil: `collector.yaml` where it exists.
    package var configFile: String?
    /// What counts where nothing else names it.
    package var defaults: [String: String]

    /// Sources; empty values count as absent in each.
    package init(
        overrides: [String: String] = [:],
        environment: [String: String],
        workingDirectory: String = ".",
        configFile: String? = nil,
        defaults: [String: String] = [:]
    ) {
        self.overrides = overrides
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.configFile = configFile
        self.defaults = defaults
    }

    /// Reads the files once. The second value are lines for the log: names in the files that no service knows.
    package func load() throws -> (settings: Settings, warnings: [String]) {
        var warnings: [String] = []

        var fromEnvironmentFile: [String: String] = [:]
        let environmentPath = self.path(".env")
        if let text = try TextFile.contents(ofOptional: environmentPath) {
            fromEnvironmentFile = try EnvironmentFile(parsing: text, path: environmentPath).values
            warnings += Self.unknownVariables(in: fromEnvironmentFile).map { "\(environmentPath): \($0)" }
        }

        var fromSettingsFile: [String: String] = [:]
        let settingsPath = self.path(self.configFile ?? "collector.yaml")
        let settingsText =
            try self.configFile == nil
            ? TextFile.contents(ofOptional: settingsPath)
            : TextFile.contents(of: settingsPath, hint: "name an existing file with --config-file")
        if let settingsText {
            let file = try SettingsFile(parsing: settingsText, path: settingsPath)
            try file.refuseMisspelt()
            fromSettingsFile = file.values
            warnings += file.unknown.map { "\(settingsPath):\($0.line): \($0.name) is not a setting" }
        }

        let layers = [self.overrides, self.environment, fromEnvironmentFile, fromSettingsFile, self.defaults]
        let providers = layers.map { values in
            EnvironmentVariablesProvider(
                environmentVariables: values.filter { !$0.value.trimmingWhitespace().isEmpty },
                secretsSpecifier: .dynamic { name, _ in Settings.secretVariables.contains(name) }
            )
        }
        return (Settings(reader: ConfigReader(providers: providers)), warnings)
    }

    private func path(_ name: String) -> String {
        if self.workingDirectory == "." { return name }
        return FilePath(self.workingDirectory).pushing(FilePath(name)).string
    }

    /// `.env` often belongs to other programs too, so only names close to ours are pointed out.
    private static func unknownVariables(in values: [String: String]) -> [String] {
        values.keys.sorted().filter { !Settings.isKnown($0) }.compactMap { name in
            Spelling.closest(to: name, among: Settings.knownVariables).map {
                "\(name) is not a setting; did you mean '\($0)'?"
            }
        }
    }
}

extension Settings {
    /// What keys of a `collector.yaml` no service knows, each a line with its place and the likely meaning.
    package static func unknownKeys(in yaml: String) throws -> [String] {
        try SettingsFile(parsing: yaml, path: "collector.yaml").unknown.map { line, name, meant in
            "collector.yaml:\(line): \(name) is not a setting" + (meant.map { "; did you mean '\($0)'?" } ?? "")
        }
    }

    /// `IRC_GATEWAY_HTTP_PORT` and its like count as known.
    static func isKnown(_ name: String) -> Bool {
        if Self.knownVariables.contains(name) { return true }
        return Self.portVariables.contains(name)
    }

    /// Whether longer names that begin with this one and `_` are known, as `HTTP` of `HTTP_PORT`.
    static func isPrefix(_ name: String) -> Bool {
        Self.knownVariables.union(Self.portVariables).contains { $0.hasPrefix(name + "_") }
    }

    private static let portVariables = Set(HTTPSettings.defaultPorts.keys.map(HTTPSettings.variable))
}
