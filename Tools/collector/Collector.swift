import ArgumentParser

@main
struct Collector: AsyncParsableCommand {
    func run() async throws {}
}
