import ArgumentParser
import ServiceRuntime

/// Ends a command with one line and a sysexits code.
struct CommandFailure: Error, CustomStringConvertible {
    var code: Int32
    var description: String

    init(_ code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Runs a command's body; whatever it throws becomes one line on standard error and an exit code.
    static func reporting(_ command: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as CommandFailure {
            Terminal.error.write("\(command): \("\(failure)".printable)\n")
            throw ExitCode(failure.code)
        } catch let error as any ExitCodeProviding {
            Terminal.error.write("\(command): \("\(error)".printable)\n")
            throw ExitCode(error.exitStatus.rawValue)
        }
    }
}
