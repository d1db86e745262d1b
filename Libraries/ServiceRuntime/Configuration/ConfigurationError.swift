/// A wrong setting: exit code 78 (EX_CONFIG).
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: which setting, its value (never a secret), and what is expected.
    package var description: String

    /// Describes a wrong setting in one line.
    package init(_ description: String) { self.description = description }
}

extension ConfigurationError: ExitCodeProviding {
    /// EX_CONFIG.
    package var exitStatus: ExitStatus { .configuration }
}
