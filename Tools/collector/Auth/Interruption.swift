/// Lets Ctrl-C end a command that waits for a person.
enum Interruption {
    /// Runs `body`; SIGINT and SIGTERM cancel it and end the command with one line.
    static func ending<Result: Sendable>(
        with message: String,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let stop = Latch()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                await StopSignals.listen(opening: stop)
                return nil
            }
            group.addTask {
                await stop.wait()
                guard stop.isOpen else { return nil }
                throw CommandFailure(130, message)
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
