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
            fromSettingsFile = file.values
            warnings += file.unknownKeys().map { "\(settingsPath)\($0)" }
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

extension SettingsFile {
    /// `:line: …` for each key that no service knows, in the order of the file.
    func unknownKeys() -> [String] {
        self.lines.filter { !Settings.isKnown($0.key) }
            .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .map { name, line in
                ":\(line): \(name) is not a setting" + Spelling.hint(for: name, among: Settings.knownVariables)
            }
    }
}

extension Settings {
    /// What keys of a `collector.yaml` no service knows, each a line with its place and the likely meaning.
    package static func unknownKeys(in yaml: String) throws -> [String] {
        try SettingsFile(parsing: yaml, path: "collector.yaml").unknownKeys().map { "collector.yaml\($0)" }
    }

    /// `IRC_GATEWAY_HTTP_PORT` and its like count as known.
    static func isKnown(_ name: String) -> Bool {
        if Self.knownVariables.contains(name) { return true }
        return HTTPSettings.defaultPorts.keys.contains { name == HTTPSettings.variable(for: $0) }
    }
}
