import ArgumentParser

/// `collector dead-letters`: what the database did not take, and the way back.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "List events that could not be stored, and try them again.",
        discussion: """
            collector dead-letters list                       how many, of whom, and why
            collector dead-letters retry                      store what can be stored by now
            collector dead-letters retry --reason "unknown"   only those whose reason holds this text

            A dead letter is an event that the writer could not read, such as one of a newer version, or that the database
            refused for its own sake. It is kept whole in dead_letters. A retry stores it as the writer would have and removes
            the dead letter, in one transaction; run it as often as you like, also while writers run.

            Exit code 0 when nothing is left of what was retried, 65 when something stays; 66 when the database is not there,
            69 when it cannot be reached, 77 when it does not let this user.
            """,
        subcommands: [ListDeadLettersCommand.self, RetryDeadLettersCommand.self]
    )
}

/// Which dead letters a person means.
struct DeadLetterSelection: ParsableArguments {
    @Option(name: .long, help: "Only those of this producer, such as gw-7f3a91c2.")
    var producer: String?

    @Option(name: .long, help: "Only those whose reason holds this text.")
    var reason: String?

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?
}
