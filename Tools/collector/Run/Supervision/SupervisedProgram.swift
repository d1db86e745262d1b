import ServiceRuntime
import Synchronization

/// One program that is kept running: started again when it dies, stopped when told.
final class SupervisedProgram: Sendable {
    /// What the supervisor has to know of a program.
    struct Plan: Sendable {
        var name: String
        var executable: String
        var environment: [String: String]
        /// The working directory.
        var directory: String
        /// Asked before each start: arguments may depend on what an earlier start said.
        var arguments: @Sendable () -> [String]
        /// Called with each line on standard output.
        var output: @Sendable (String) -> Void = { _ in }
        /// Called when it ended although nobody asked it to, with its last words, before it is started again.
        var ended: @Sendable (ChildProcess.Ending, String) -> Void = { _, _ in }
    }

    /// Why a program could not be kept running.
    struct Failure: Error {
        var program: String
        var code: Int32
        /// The program's last words.
        var line: String
    }

    let plan: Plan
    private let stop = Latch()
    private let ended = Latch()
    private let clock = ContinuousClock()
    private let lines: LogLines
    private let state = Mutex(State())

    private struct State {
        var display = Snapshot.Process.State.starting
        var restarts = 0
        var pid: Int32?
        var lastLine = ""
        /// Ends the present life of the program, or the wait for the next one.
        var wish = Latch()
    }

    init(_ plan: Plan, lines: LogLines) {
        self.plan = plan
        self.lines = lines
    }

    var pid: Int32? { state.withLock { $0.pid } }

    var snapshot: Snapshot.Process {
        state.withLock {
            Snapshot.Process(name: plan.name, state: $0.display, restarts: $0.restarts, memory: nil, pid: $0.pid)
        }
    }

    /// Asks the program to stop; `run()` returns when it has.
    func requestStop() {
        stop.open()
        state.withLock { $0.wish }.open()
    }

    /// Stops the program and starts it again at once.
    func restart() { state.withLock { $0.wish }.open() }

    /// Stops the program and waits for its end.
    func stopAndWait() async {
        requestStop()
        await ended.wait()
    }

    /// Keeps the program running until `requestStop()`.
    /// - Throws: `Failure` when starting it again cannot help.
    func run() async throws {
        defer { ended.open() }
        var policy = RestartPolicy()
        while !stop.isOpen, !Task.isCancelled {
            let begin = clock.now
            let wish = nextWish()
            let ending = await runOnce(until: wish)
            state.withLock { $0.pid = nil }
            if stop.isOpen || Task.isCancelled { break }
            if wish.isOpen { continue }
            switch policy.ended(ending, after: clock.now - begin) {
            case .giveUp:
                guard case .exited(let code) = ending else { break }
                throw Failure(program: plan.name, code: code, line: state.withLock { $0.lastLine })
            case .restart(let delay):
                state.withLock {
                    $0.display = .restarting
                    $0.restarts += 1
                }
                plan.ended(ending, state.withLock { $0.lastLine })
                lines.add("\(plan.name) ended with \(ending.words); starting it again", from: plan.name)
                await wish.wait(atMost: delay)
            }
        }
        state.withLock { $0.display = .stopped }
    }

    private func nextWish() -> Latch {
        let wish = Latch()
        state.withLock { $0.wish = wish }
        // Somebody may have asked in between, and opened the one before.
        if stop.isOpen { wish.open() }
        return wish
    }

    /// A program that cannot even be started has ended too: an upgrade may be replacing it at this moment.
    private func runOnce(until wish: Latch) async -> ChildProcess.Ending {
        do {
            return try await launch(until: wish)
        } catch {
            state.withLock { $0.lastLine = "\(plan.executable) cannot be run: \(error)" }
            return .exited(ExitStatus.unavailable.rawValue)
        }
    }

    private func launch(until wish: Latch) async throws -> ChildProcess.Ending {
        let child = ChildProcess(
            executable: plan.executable,
            arguments: plan.arguments(),
            environment: plan.environment,
            directory: plan.directory,
            patience: .seconds(8)
        )
        return try await child.run(
            stop: wish,
            started: { [self] pid in
                state.withLock {
                    $0.pid = pid
                    $0.display = .starting
                }
            },
            output: { [self] line in
                // Services print nothing; the simulator prints its address when it is ready.
                state.withLock { $0.display = .ready }
                plan.output(line)
            },
            error: { [self] line in
                state.withLock { $0.lastLine = line }
                lines.add(line, from: plan.name)
            }
        )
    }
}
