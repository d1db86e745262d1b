import ArgumentParser
import EventBus
import ServiceRuntime

/// `collector keys generate`: makes key pairs, and never replaces one unasked.
struct GenerateKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a key pair for each service: NAME.key (secret, 0600) and NAME.pub."
    )

    /// Everybody who speaks on the bus.
    static let everybody = ["irc-gateway", "stream-poller", "token-service", "writer", "collector"]

    @Argument(
        help: ArgumentHelp("Whose keys. Default: \(Self.everybody.joined(separator: ", ")).", valueName: "name")
    )
    var names: [String] = []

    @OptionGroup var location: KeysLocation

    @Flag(name: .long, help: "Replace keys that are there: everybody needs the new .pub, and the service a restart.")
    var force = false

    func validate() throws {
        for name in names where !KeyDirectory.isName(name) {
            throw ValidationError("“\(name)” cannot be a key's name; expected letters, digits, “-”, “_” or “.”.")
        }
    }

    func run() async throws {
        try await CommandFailure.reporting("collector keys") {
            let directory = try location.resolved()
            var report = KeysReport(directory: directory.path)
            for name in names.isEmpty ? Self.everybody : names {
                do {
                    report.add(name, try generate(name, in: directory))
                } catch let error as JournalError {
                    throw CommandFailure(ExitStatus.cannotCreate.rawValue, "\(error)")
                }
            }
            Terminal.output.write(report.text)
        }
    }

    private func generate(_ name: String, in directory: KeyDirectory) throws -> KeysReport.Outcome {
        let existed = directory.hasPair(name)
        if let key = try directory.make(name, replacing: force) { return existed ? .replaced(key) : .made(key) }
        return try directory.restorePublicFile(name) ? .restored : .kept
    }
}
