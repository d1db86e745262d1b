package import Configuration

/// Typed reading of the configuration. A wrong value is one line that names the variable, the value and what is expected.
package struct Settings: Sendable {
    /// Environment, then `.env`, then `collector.yaml`; empty values count as absent.
    package let reader: ConfigReader

    /// `reader` looks `database.url` up for `DATABASE_URL`.
    package init(reader: ConfigReader) { self.reader = reader }

    /// Settings from `values` alone, named as variables: for tests and for what a command line decides.
    package init(values: [String: String]) {
        self.init(reader: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values)))
    }

    /// `name` is the variable's name, such as `DATABASE_URL`.
    package func string(_ name: String, default value: String) throws -> String { try self.string(name) ?? value }

    /// Nil when the variable is absent or empty.
    package func string(_ name: String) throws -> String? { self.text(name, isSecret: false) }

    /// A decimal integer inside `range`.
    package func integer(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = self.text(name, isSecret: false) else { return value }
        guard let number = Int(text), range.contains(number) else {
            let bound =
                range.upperBound == .max
                ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw self.wrong(name, text, "a whole number \(bound)")
        }
        return number
    }

    /// `1 true yes on` / `0 false no off`.
    package func boolean(_ name: String, default value: Bool) throws -> Bool {
        guard let text = self.text(name, isSecret: false) else { return value }
        guard let flag = BooleanText.parse(text) else { throw self.wrong(name, text, "true or false") }
        return flag
    }

    /// `200ms`, `10s`, `5m`, `1h`, or a bare number of seconds.
    package func duration(_ name: String, default value: Duration) throws -> Duration {
        guard let text = self.text(name, isSecret: false) else { return value }
        guard let duration = DurationText.parse(text) else {
            throw self.wrong(name, text, "a duration such as 200ms, 10s, 5m or 1h")
        }
        return duration
    }

    /// `64MiB`, `8GiB`, `500MB`, or a bare number of bytes.
    package func bytes(_ name: String, default value: Int) throws -> Int {
        guard let text = self.text(name, isSecret: false) else { return value }
        guard let bytes = ByteCountText.parse(text) else {
            throw self.wrong(name, text, "a size such as 64MiB, 500MB or 8GiB")
        }
        return bytes
    }

    /// Comma-separated, trimmed, empty items dropped.
    package func list(_ name: String) throws -> [String] {
        guard let text = self.text(name, isSecret: false) else { return [] }
        return text.split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    /// One of the cases of `Choice` by its raw value, in any case of letters.
    package func choice<Choice>(_ name: String, default value: Choice) throws -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let text = self.text(name, isSecret: false) else { return value }
        if let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) {
            return choice
        }
        throw self.wrong(name, text, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// The variable, or the contents of the file that `NAME_FILE` names, as Docker and systemd hand secrets over.
    ///
    /// Nil when both are absent or empty.
    package func secret(_ name: String) throws -> Secret? {
        if let text = self.text(name, isSecret: true) { return Secret(text) }
        guard let path = self.text("\(name)_FILE", isSecret: false) else { return nil }
        return try SecretFile.read(path, namedBy: "\(name)_FILE")
    }

    /// The path that `NAME_FILE` names; nil where it is not set, or where the variable itself is and counts.
    package func secretFile(_ name: String) -> String? {
        self.text(name, isSecret: true) == nil ? self.text("\(name)_FILE", isSecret: false) : nil
    }

    /// `DATABASE_URL` as it was written; it may hold a password.
    package func databaseURL() throws -> Secret {
        try self.secret("DATABASE_URL") ?? Secret("sqlite:///data/twitch_chats.db")
    }

    /// An error in the usual form, for checks that only the caller can make. `text` must not be a secret.
    package func wrong(_ name: String, _ text: String, _ expectation: String) -> ConfigurationError {
        let shown = Self.secretVariables.contains(name) ? "has a value that" : "is '\(text)', which"
        return ConfigurationError("\(name) \(shown) cannot be used; expected \(expectation)")
    }

    /// The value as it is set, to compare it with another one; it may be a secret.
    func raw(_ name: String) -> String? { self.text(name, isSecret: Self.secretVariables.contains(name)) }

    private func text(_ name: String, isSecret: Bool) -> String? {
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        let text = self.reader.string(forKey: key, isSecret: isSecret)?.trimmingWhitespace()
        return text == "" ? nil : text
    }
}
