import ArgumentParser
import EventStore
import FoundationEssentials
import Protocol

/// `collector dead-letters list`.
struct ListDeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the events that could not be stored, oldest first, and why."
    )

    @OptionGroup var selection: DeadLetterSelection

    @Flag(name: .long, help: "One JSON object a line, with the frame.")
    var json = false

    func run() async throws {
        try await CommandFailure.reporting("collector dead-letters list") {
            let access = try DeadLetterAccess(CommandSettings.load(configFile: selection.configFile))
            try await access.withArchive { archive in
                var count = 0
                try await archive.forEachDeadLetter(selection) { stored in
                    count += 1
                    Terminal.output.write(try json ? Self.json(stored) : Self.line(stored))
                }
                if !json { Terminal.output.write(count == 0 ? "There are no dead letters.\n" : "\(count) in all.\n") }
            }
        }
    }

    static func line(_ stored: StoredDeadLetter) -> String {
        let letter = stored.letter
        let topic = String(decoding: letter.frame.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return "\(letter.producer.printable)  \(letter.partition)  \(letter.offset)  \(topic.prefix(120).printable)  "
            + "\(letter.reason.printable)\n"
    }

    private struct Line: Encodable {
        var producer: String
        var partition: Int
        var offset: String
        var reason: String
        var created_at: Int64
        var frame: String
    }

    private static func json(_ stored: StoredDeadLetter) throws -> String {
        let letter = stored.letter
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            producer: letter.producer,
            partition: letter.partition,
            offset: "\(letter.offset)",
            reason: letter.reason,
            created_at: stored.createdAt.rawValue,
            frame: String(decoding: letter.frame, as: UTF8.self)
        )
        return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
    }
}
