import Logging
import Protocol

@testable import EventBus

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a publisher or follower while `body` does, then stops it and waits until it has.
func running<Result: Sendable>(
    _ run: @escaping @Sendable () async throws -> Void,
    _ body: () async throws -> Result
) async throws -> Result {
    let task = Task { try await run() }
    do {
        let result = try await body()
        task.cancel()
        try await task.value
        return result
    } catch {
        task.cancel()
        _ = await task.result
        throw error
    }
}

extension EventPublisher {
    /// One like a gateway's, in a folder of the test's.
    static func test(
        _ directory: String,
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> EventPublisher {
        var configuration = Configuration(service: "irc-gateway", prefix: "gw", stateDirectory: directory)
        configuration.journal.sync = .normal
        change(&configuration)
        return try EventPublisher(configuration, logger: quiet)
    }
}

extension EventPublisher {
    /// Publishes the numbers as texts of one channel, one by one.
    func publish(numbers: Range<Int>, _ login: String) async throws {
        for number in numbers { try await publish([draft(login, "\(number)")]) }
    }
}

extension EventFollower {
    /// One that follows every gateway in a folder of the test's.
    static func test(
        _ directory: String,
        group: String? = "writer",
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> EventFollower {
        var configuration = Configuration(endpoints: ["ipc://\(directory)/bus/irc-gateway-*"], group: group)
        change(&configuration)
        return try EventFollower(configuration, logger: quiet)
    }
}
