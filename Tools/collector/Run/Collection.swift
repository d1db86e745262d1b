import EventBus
import FoundationEssentials
import Logging
import ServiceRuntime

/// One `collector run`: the programs, their supervision, the status, and an orderly end.
struct Collection: Sendable {
    private let plan: RunPlan
    private let isLive: Bool
    private let simulatorAddress = SimulatorAddress()
    private let lines: LogLines
    private let stop = Latch()

    /// - Parameters:
    ///   - plan: What to start.
    ///   - isLive: Whether the status is drawn on a terminal.
    init(_ plan: RunPlan, isLive: Bool) {
        self.plan = plan
        self.isLive = isLive
        lines = isLive ? LogLines(passOn: nil) : LogLines { Terminal.error.write($0 + "\n") }
    }

    /// Runs until SIGINT or SIGTERM, then stops the source first and the writer last, so that everything is stored.
    func run() async throws {
        try checkPrograms()
        try makeFiles()
        try await checkConfiguration()
        announce()
        var environment: [String: String] = [:]
        if isLive {
            environment["LOG_FORMAT"] = "json"
        } else if Terminal.error.isInteractive, plan.logFormat == nil {
            environment["LOG_FORMAT"] = "text"
        }
        let simulator = plan.demo.map { simulatorProgram($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await StopSignals.listen(opening: stop) }
            group.addTask { await stop.wait() }
            if let simulator {
                group.addTask { try await simulator.run() }
                let address = await simulatorAddress.wait(atMost: .seconds(20))
                guard let address else {
                    simulator.requestStop()
                    throw CommandFailure(
                        69,
                        "the simulator did not start within 20 s: \(lines.warnings.last ?? "no reason given")"
                    )
                }
                environment["TWITCH_IRC_URL"] = address.irc
                environment["TWITCH_API_URL"] = address.api
                environment["TWITCH_AUTH_URL"] = address.auth
                let isLoggedIn = Latch()
                group.addTask { await keepDemoLoggedIn(opening: isLoggedIn) }
                await isLoggedIn.wait(atMost: .seconds(10))
            }
            let services = plan.programNames.map { service($0.service, label: $0.label, environment: environment) }
            for service in services { group.addTask { try await service.run() } }
            let programs = (simulator.map { [$0] } ?? []) + services
            let status = RunStatus(plan: plan, programs: programs, lines: lines, isLive: isLive)
            let display = Latch()
            async let showing: Void = status.show(until: display)
            let failure = await firstFailure(in: &group)
            // All gateways at once: one by one, each would hand its channels over to those that are stopped next.
            for gateway in services where gateway.plan.name.hasPrefix("irc-gateway") { gateway.requestStop() }
            // Reading first, storing last: what was accepted before the end is stored before the end.
            for program in services.reversed() + (simulator.map { [$0] } ?? []) { await program.stopAndWait() }
            stop.open()
            display.open()
            await showing
            group.cancelAll()
            try? await group.waitForAll()
            if let failure { throw failure }
        }
    }

    /// Waits for the wish to stop or the first program that cannot be kept running.
    private func firstFailure(in group: inout ThrowingTaskGroup<Void, any Error>) async -> (any Error)? {
        do {
            while !stop.isOpen, try await group.next() != nil {}
            return nil
        } catch let failure as SupervisedProgram.Failure {
            return CommandFailure(
                failure.code,
                "\(failure.program) could not start: "
                    + ConfigurationCheck.words(failure.line, of: failure.program)
            )
        } catch {
            return error
        }
    }

    /// What is wrong with the settings is said by the service that needs them, once, before anything starts.
    private func checkConfiguration() async throws {
        for (label, name) in plan.programNames.reversed() where label == name {
            let refusal = try await plan.configurationCheck(of: name).refusal(of: name)
            if let refusal { throw CommandFailure(refusal.code, refusal.words) }
        }
    }

    private func makeFiles() throws {
        do {
            try FileManager.default.createDirectory(atPath: plan.logs, withIntermediateDirectories: true)
            // Tokens and their sockets are in it. An older version has left the demo's open.
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: plan.stateDirectory)
            if plan.demo != nil {
                let text =
                    "# The demo's channels are its own; those of real chat are in the channels.yaml of your folder.\nchannels:\n"
                try Data(text.utf8).write(to: URL(filePath: plan.stateDirectory + "/channels.yaml"))
            }
        } catch {
            throw CommandFailure(
                73,
                "cannot write in \(plan.stateDirectory); check who owns what is in it"
            )
        }
    }

    private func announce() {
        guard let demo = plan.demo else { return }
        Terminal.error.write(
            """
            No channels are configured (no CHANNELS, no channels.yaml, no .env), so this is a demo: chat is made up by the
            built-in simulator, \(Figures.rate(demo.rate)) lines per second, stored in \(plan.database).
            To record real chat, without any account:   CHANNELS=shroud,xqc make run   (or: collector run)


            """
        )
    }

    /// Gives the demo an account each time its simulator starts.
    private func keepDemoLoggedIn(opening isLoggedIn: Latch) async {
        let login = DemoLogin(stateDirectory: plan.stateDirectory)
        for await simulator in simulatorAddress.announcements {
            do {
                try await login.logIn(at: simulator.control)
            } catch {
                lines.add("the demo reads anonymously: its login failed: \(error)", from: "collector")
            }
            isLoggedIn.open()
        }
    }

    private func checkPrograms() throws {
        for name in plan.services + (plan.demo == nil ? [] : ["twitch-simulator"]) {
            try ConfigurationCheck.requireProgram(name, in: plan.programs)
        }
    }

    private func service(_ name: String, label: String, environment: [String: String]) -> SupervisedProgram {
        var environment = plan.environment(of: name).merging(environment) { $1 }
        environment["LOG_FILE"] = "\(plan.logs)/\(label).log"
        return SupervisedProgram(
            .init(
                name: label,
                executable: "\(plan.programs)/\(name)",
                environment: environment,
                directory: plan.directory,
                arguments: { [plan] in ["--supervised"] + plan.arguments(of: name) }
            ),
            lines: lines
        )
    }

    private func simulatorProgram(_ demo: RunPlan.Demo) -> SupervisedProgram {
        SupervisedProgram(
            .init(
                name: "twitch-simulator",
                executable: "\(plan.programs)/twitch-simulator",
                environment: [:],
                directory: plan.directory,
                arguments: { [simulatorAddress] in
                    let ports = simulatorAddress.ports
                    return [
                        "--irc-port", ports.irc, "--control-port", ports.control,
                        "--channels", demo.channels.joined(separator: ","), "--rate", "\(demo.rate)", "--live",
                        "--supervised",
                    ]
                },
                output: { [simulatorAddress] in simulatorAddress.read($0) }
            ),
            lines: lines
        )
    }
}
