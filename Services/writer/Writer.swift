import ArgumentParser

@main
struct Writer: AsyncParsableCommand {
    func run() async throws {}
}
