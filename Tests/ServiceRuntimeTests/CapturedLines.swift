import Logging
import Synchronization

@testable import ServiceRuntime

/// Log lines, kept.
final class CapturedLines: Sendable {
    private let storage = Mutex<[String]>([])

    var all: [String] { self.storage.withLock { $0 } }

    var output: LogOutput { LogOutput { line in self.storage.withLock { $0.append(line) } } }

    func logger(level: Logger.Level = .trace, format: LogFormat = .json) -> Logger {
        Logger(label: "test") { _ in
            ServiceLogHandler(service: "test", level: level, format: format, coloured: false, output: self.output)
        }
    }
}

struct TimedOut: Error {}

/// Waits until `condition` holds; ten seconds are far more than it needs.
func eventually(_ condition: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while try await !condition() {
        guard clock.now < deadline else { throw TimedOut() }
        try await Task.sleep(for: .milliseconds(5))
    }
}
