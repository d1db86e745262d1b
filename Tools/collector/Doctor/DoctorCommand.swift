import ArgumentParser
import FoundationEssentials
import ServiceRuntime

/// `collector doctor`: what could keep the collector from working, and what to do about it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check settings, disk, clock, network, Twitch, database and services, and say what to do.",
        discussion: """
            Changes nothing. Each check ends within seconds: ✓ is fine, ✗ is wrong and comes with what to do, – was skipped.
            What depends on something that is wrong is skipped, so that one cause is reported once.

            Exit code 0 when nothing is wrong; otherwise that of the first ✗: 78 settings, keys, clock · 73 directories ·
            74 disk space · 69 network, server, database or service cannot be reached · 75 Twitch is in trouble, a service is
            not ready · 77 a token or a user is refused · 65 the database is none, or of a newer version.
            """
    )

    @Flag(name: .long, help: "As JSON.")
    var json = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector doctor") {
            let found = try CommandSettings.ofWhatRuns(configFile: configFile, for: .twitch)
            if let instance = found.instance, instance.isDemo {
                Terminal.error.write("examining the demo that runs here, in \(instance.stateDirectory.printable)\n")
            }
            let findings = try await AuthContext.with(found.settings) { context in
                try await examine(context, found)
            }
            let status = DoctorReport.status(findings)
            guard status == 0 else { throw ExitCode(status) }
        }
    }

    private func examine(_ context: AuthContext, _ found: SettingsOfWhatRuns) async throws -> [Finding] {
        let doctor = Doctor(
            context: context,
            directory: FileManager.default.currentDirectoryPath,
            configFile: configFile,
            environment: found.environment
        )
        let examination = try doctor.examination()
        let report = DoctorReport(
            style: Style(isColoured: Terminal.output.isInteractive),
            width: examination.checks.map { TextWidth.of($0.name) }.max() ?? 0
        )
        let findings = await examination.run { if !json { Terminal.output.write(report.text($0)) } }
        if json {
            Terminal.output.write(json: try DoctorReport.json(findings))
        } else {
            Terminal.output.write(report.summary(findings))
        }
        return findings
    }
}
