import FoundationEssentials

/// What a service says of its settings before it starts: its own `--check-config`.
struct ConfigurationCheck: Sendable {
    /// The service does not accept its settings.
    struct Refusal: Hashable, Sendable {
        var code: Int32
        /// One line, without the service's name.
        var words: String
    }

    /// The folder of the service's program.
    var programs: String
    /// What the service reads beside what it inherits.
    var environment: [String: String]
    /// The working directory.
    var directory: String
    /// What else is on its command line.
    var arguments: [String] = []
    var patience = Duration.seconds(8)

    /// Asks a service; nil when it could start.
    func refusal(of service: String) async throws -> Refusal? {
        try Self.requireProgram(service, in: programs)
        let said = LogLines(passOn: nil)
        let stop = Latch()
        let check = ChildProcess(
            executable: "\(programs)/\(service)",
            arguments: ["--check-config"] + arguments,
            environment: environment,
            directory: directory,
            patience: .seconds(1)
        )
        let ending = try await withThrowingTaskGroup(of: ChildProcess.Ending?.self) { group in
            group.addTask {
                try await check.run(
                    stop: stop,
                    started: { _ in },
                    output: { _ in },
                    error: { said.add($0, from: service) }
                )
            }
            group.addTask {
                try await Task.sleep(for: patience)
                stop.open()
                return nil
            }
            defer { group.cancelAll() }
            var ending: ChildProcess.Ending?
            while ending == nil, let next = try await group.next() { ending = next }
            return ending
        }
        switch ending {
        case .exited(0): return nil
        case .exited(let code):
            let words = said.warnings.last.map { Self.words($0, of: service) }
            return Refusal(code: code, words: words ?? "\(service) cannot start")
        default: return Refusal(code: 70, words: "\(service) --check-config ends with \(ending?.words ?? "nothing")")
        }
    }

    /// A program's last words without its name, which begins each of them.
    static func words(_ line: String, of program: String) -> String {
        line.hasPrefix("\(program): ") ? String(line.dropFirst(program.count + 2)) : line
    }

    /// - Throws: `CommandFailure` where a program is not beside ours.
    static func requireProgram(_ name: String, in programs: String) throws {
        guard FileManager.default.isExecutableFile(atPath: "\(programs)/\(name)") else {
            throw CommandFailure(69, "\(name) is not beside collector in \(programs); build it with: make build")
        }
    }
}
