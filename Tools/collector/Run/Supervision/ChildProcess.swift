import Subprocess
import SystemPackage

/// One start of one program, from its launch to its end.
struct ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)

        var isClean: Bool { self == .exited(0) }

        /// `exit code 78`, `signal 9`
        var words: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .signalled(let signal): "signal \(signal)"
            }
        }
    }

    var executable: String
    var arguments: [String]
    var environment: [String: String]
    /// The working directory.
    var directory: String
    /// How long a graceful stop may take before SIGKILL.
    var patience: Duration

    /// Runs the program until it ends by itself or `stop` opens, which sends SIGTERM and, after `patience`, SIGKILL.
    ///
    /// The child has a session of its own, so that Ctrl-C reaches only us and the order of stopping is ours. Its
    /// standard input stays open as long as we live: a supervised service stops when it closes.
    func run(
        stop: Latch,
        started: @escaping @Sendable (Int32) -> Void,
        output: @escaping @Sendable (String) -> Void,
        error: @escaping @Sendable (String) -> Void
    ) async throws -> Ending {
        var options = PlatformOptions()
        options.createSession = true
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
            ),
            workingDirectory: FilePath(directory),
            platformOptions: options,
            input: .inputWriter,
            output: .sequence,
            error: .sequence
        ) { execution in
            started(execution.processIdentifier.value)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await stop.wait()
                    guard !Task.isCancelled else { return }
                    try? execution.send(signal: .terminate)
                    try await Task.sleep(for: patience)
                    try? execution.send(signal: .kill)
                }
                group.addTask {
                    for try await line in execution.standardOutput.strings() { output(line) }
                }
                for try await line in execution.standardError.strings() { error(line) }
                group.cancelAll()
                try? await group.waitForAll()
            }
        }
        switch result.terminationStatus {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signalled(signal)
        }
    }
}
