import ArgumentParser

@main
struct TwitchSimulator: AsyncParsableCommand {
    func run() async throws {}
}
