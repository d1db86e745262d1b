import Logging
import Protocol
import Synchronization

@testable import EventBus

/// A token of the tests'. Its text is searched for where it must not be.
func token(_ kind: String = "user", _ version: Int, _ text: String? = nil) -> TokenIssued {
    TokenIssued(
        kind: kind,
        accessToken: text ?? "hunter2secret\(kind)\(version)",
        login: kind == "user" ? "quietharbor" : nil,
        clientID: "client",
        scopes: ["chat:read"],
        version: version
    )
}

extension TokenTiming {
    /// Quick enough for a test.
    static let quick = TokenTiming(
        heartbeat: .milliseconds(50),
        access: .milliseconds(100),
        selfTest: .milliseconds(100)...(.seconds(40)),
        silence: .milliseconds(800),
        requestTimeout: .milliseconds(800),
        rescan: .milliseconds(50)
    )
}

extension TokenPublisher {
    static func test(
        _ directory: String,
        logger: Logger = quiet,
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> TokenPublisher {
        var configuration = Configuration(stateDirectory: directory)
        configuration.timing = .quick
        change(&configuration)
        return try TokenPublisher(configuration, logger: logger)
    }
}

extension TokenFollower {
    static func test(
        _ endpoints: [String],
        logger: Logger = quiet,
        security: BusSecurity? = nil,
        onChange: @escaping @Sendable (String, TokenIssued?) -> Void = { _, _ in }
    ) throws -> TokenFollower {
        var configuration = Configuration(endpoints: endpoints, security: security)
        configuration.timing = .quick
        return try TokenFollower(configuration, logger: logger, onChange: onChange)
    }

    /// One that looks where the token service is by default.
    static func test(
        _ directory: String,
        logger: Logger = quiet,
        onChange: @escaping @Sendable (String, TokenIssued?) -> Void = { _, _ in }
    ) throws -> TokenFollower {
        try test(["ipc://\(directory)/bus/token-service-*"], logger: logger, onChange: onChange)
    }
}

/// Keeps what was told to it, from any thread.
final class Heard<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }

    var all: [Value] { values.withLock { $0 } }
}
