import Glibc
import Logging
import ServiceRuntime
import Synchronization
import TokenStore
import UnixSignals

/// Keeps one service running in the background: SIGTERM stops it, SIGHUP starts it anew.
struct DaemonSupervisor: Sendable {
    let service: DaemonService
    let plan: RunPlan
    let log: DaemonLog

    private var files: DaemonFiles { DaemonFiles(service, stateDirectory: plan.stateDirectory) }

    /// Runs until SIGTERM, or until starting the service again cannot help.
    func run() async throws {
        let files = files
        let place = HeldPlace(try await files.claim(), DaemonRecord(supervisor: try Self.identity()))
        defer { withExtendedLifetime(place) {} }
        let program = program { ending, line in
            let changed = place.record.withLock { record in
                record.restarts += 1
                // A service that was killed has no last words: its last line is about something else.
                let words = LogLines.warning(line, from: service.program)
                record.trouble = ending.words + (words.map { ": \($0)" } ?? "")
                return record
            }
            try? files.write(changed)
        }
        // Before the record tells anybody where to send signals to.
        let signals = await UnixSignalsSequence(
            trapping: .sigterm,
            .sigint,
            .sigquit,
            .sighup,
            .sigusr1,
            .sigusr2,
            .sigalrm
        )
        try files.write(place.record.withLock { $0 })
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await signal in signals {
                        switch signal {
                        case .sighup: program.restart()
                        case .sigterm, .sigint, .sigquit: program.requestStop()
                        default: log.remark("\(signal) means nothing to a supervisor and was ignored")
                        }
                    }
                }
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(10))) != nil { place.restore(files) }
                }
                group.addTask { try await program.run() }
                defer { group.cancelAll() }
                // Listening ends with the process only.
                try await group.next()
            }
        } catch let failure as SupervisedProgram.Failure {
            let line = LogLines.warning(failure.line, from: service.program) ?? "exit code \(failure.code)"
            let words = ConfigurationCheck.words(line, of: service.program)
            let last = place.record.withLock { record in
                record.failure = .init(code: failure.code, line: words)
                return record
            }
            try? files.write(last)
            log.remark("\(service.name) cannot start and is not tried again: \(words)")
            throw CommandFailure(failure.code, words)
        }
        files.remove()
    }

    private static func identity() throws -> ProcessIdentity {
        guard let identity = ProcessIdentity(running: getpid()) else {
            throw CommandFailure(ExitStatus.internal.rawValue, "cannot read /proc/self/stat; /proc must be mounted")
        }
        return identity
    }

    private func program(
        onEnd: @escaping @Sendable (ChildProcess.Ending, String) -> Void
    ) -> SupervisedProgram {
        SupervisedProgram(
            .init(
                name: service.name,
                executable: "\(plan.programs)/\(service.program)",
                environment: plan.environment(of: service.program),
                directory: plan.directory,
                arguments: { [plan, service] in ["--supervised"] + plan.arguments(of: service.program) },
                ended: onEnd
            ),
            lines: LogLines { [log] in log.add($0) }
        )
    }
}

/// The place of the one supervisor: its lock, and what it says of itself.
private final class HeldPlace: Sendable {
    let record: Mutex<DaemonRecord>
    private let lock: Mutex<FileLock>

    init(_ lock: FileLock, _ record: DaemonRecord) {
        self.lock = Mutex(lock)
        self.record = Mutex(record)
    }

    /// Makes the files again that somebody removed. What cannot be made now is tried again.
    func restore(_ files: DaemonFiles) {
        let said = record.withLock { $0 }
        lock.withLock { lock in
            guard let kept = try? files.restore(said, heldBy: lock) else { return }
            lock = kept
        }
    }
}
