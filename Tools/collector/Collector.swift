import ArgumentParser
import ServiceRuntime

/// The person's command line.
@main
struct Collector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collector",
        abstract: "Records Twitch chat: messages, deletions, timeouts, bans and notices.",
        discussion: """
            collector run --channel shroud         collect this channel, no account needed
            collector start                        the same in the background; stop, restart, logs -f
            collector auth login                   log in with an account, for those who want to
            collector tap --channel shroud         watch what is collected, live
            collector check                        show who is live right now
            collector status                       ask the running services how they are
            collector doctor                       find out what is wrong, and what to do about it
            collector stats --channel shroud       what happened during its newest stream
            collector coverage                     what share of the time was listened to
            collector dead-letters list            what could not be stored; retry brings it back
            collector migrate-store FROM TO        copy a SQLite archive into PostgreSQL
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self, LogsCommand.self,
            SuperviseCommand.self, AuthCommand.self, CheckCommand.self, StatsCommand.self, CoverageCommand.self,
            TapCommand.self, StatusCommand.self, DoctorCommand.self, KeysCommand.self, MigrateStoreCommand.self,
            DeadLettersCommand.self,
        ]
    )

    static func main() async { await runAsProgram() }
}
