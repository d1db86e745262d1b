import ArgumentParser
import EventStore
import Protocol

/// `collector dead-letters retry`.
struct RetryDeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Store dead letters as the writer would, and remove those that are stored."
    )

    @OptionGroup var selection: DeadLetterSelection

    func run() async throws {
        try await CommandFailure.reporting("collector dead-letters retry") {
            let access = try DeadLetterAccess(CommandSettings.load(configFile: selection.configFile))
            let outcome = try await access.withArchive { archive in
                var outcome = DeadLetterRetry.Outcome()
                try await archive.forEachDeadLetter(selection) { stored in
                    try await outcome.note(DeadLetterRetry.retry(stored.letter, in: archive))
                }
                return outcome
            }
            Terminal.output.write(outcome.text)
            guard outcome.stays.isEmpty else {
                throw CommandFailure(65, "\(outcome.stays.values.reduce(0, +)) stay where they are")
            }
        }
    }
}

/// Trying one dead letter, and the sum of many.
enum DeadLetterRetry {
    enum Result: Hashable {
        case stored
        /// It stays, for this reason.
        case stays(String)
    }

    struct Outcome {
        var stored = 0
        var stays: [String: Int] = [:]

        mutating func note(_ result: Result) {
            switch result {
            case .stored: stored += 1
            case .stays(let reason): stays[reason, default: 0] += 1
            }
        }

        var text: String {
            let lines = stays.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20)
                .map { "\($0.value) stay: \($0.key.printable)\n" }
            return "\(stored) stored.\n" + lines.joined()
        }
    }

    /// How long a database that another process has locked is tried.
    private static let patience = Duration.seconds(30)

    static func retry(_ letter: DeadLetter, in archive: any DeadLetterArchive) async throws -> Result {
        let envelope: Envelope?
        do throws(EnvelopeError) {
            envelope = try letter.envelope()
        } catch {
            return .stays(error.reason)
        }
        do {
            _ = try await archive.persistently(for: patience) { archive in
                try await archive.redeem(letter.key, as: envelope)
            }
            // Also where it was gone already: whoever removed it has stored it.
            return .stored
        } catch let error as EventStoreError where error.code == .refused {
            return .stays("refused: \(error.message)")
        }
    }
}
