import ArgumentParser

@main
struct IRCGateway: AsyncParsableCommand {
    func run() async throws {}
}
