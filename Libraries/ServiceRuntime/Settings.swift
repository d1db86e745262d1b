package import Configuration

/// Typed reading of the configuration. A wrong value is one line that names the variable, the value and what is expected.
package struct Settings: Sendable {
    /// Environment, then `.env`, then `collector.yaml`; empty values count as absent.
    package let reader: ConfigReader

    /// `name` is the variable's name, such as `DATABASE_URL`.
    package func string(_ name: String, default value: String) throws -> String { fatalError("stub") }
    package func string(_ name: String) throws -> String? { fatalError("stub") }
    package func integer(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        fatalError("stub")
    }
    /// `1 true yes on` / `0 false no off`.
    package func boolean(_ name: String, default value: Bool) throws -> Bool { fatalError("stub") }
    /// `200ms`, `10s`, `5m`, `1h`, or a bare number of seconds.
    package func duration(_ name: String, default value: Duration) throws -> Duration { fatalError("stub") }
    /// `64MiB`, `8GiB`, `500MB`, or a bare number of bytes.
    package func bytes(_ name: String, default value: Int) throws -> Int { fatalError("stub") }
    /// Comma-separated, trimmed, empty items dropped.
    package func list(_ name: String) throws -> [String] { fatalError("stub") }
    package func secret(_ name: String) throws -> Secret? { fatalError("stub") }
    /// `STATE_DIR`: made with mode 0700 where it is missing, checked for writing.
    package func stateDirectory() throws -> String { fatalError("stub") }
}

/// A value that never shows itself: not in descriptions, dumps or logs.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String
    package init(_ value: String) { self.value = value }
    /// The secret itself: hand it to the one call that needs it.
    package func reveal() -> String { value }
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A wrong setting: exit code 78 (EX_CONFIG).
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
