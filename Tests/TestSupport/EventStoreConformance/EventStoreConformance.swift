package import EventStore
package import Protocol
import Testing

/// What every engine must do. Each check gets a harness over a database of its own, empty and not yet open.
package protocol EventStoreHarness: Sendable {
    /// Another store on the same database.
    func makeStore() throws -> any EventStore

    /// Reads with SQL that all engines understand; every value as the engine's text, NULL as nil.
    func rows(_ sql: String) async throws -> [[String?]]
}

/// The conformance suite: run each of `all` against each engine.
package struct EventStoreConformance: Sendable, CustomTestStringConvertible {
    package let testDescription: String
    package let check: @Sendable (any EventStoreHarness) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any EventStoreHarness) async throws -> Void) {
        self.testDescription = description
        self.check = check
    }

    package static let all =
        offsets + rows + identities + retoldSessions + copies + content + attribution + attributionOrders
        + deadLetters
}

/// Envelopes of one partition as a batch.
package struct StoreBatchParts {
    package var producer: String
    package var partition: Int
    package var base: Offset
    package var envelopes: [Envelope]

    package var batch: StoreBatch {
        StoreBatch(
            advances: [
                StoreBatch.Advance(
                    producer: producer,
                    partition: partition,
                    base: base,
                    next: envelopes.last?.offset ?? base
                )
            ],
            events: envelopes
        )
    }
}

extension EventStore {
    /// Opens as a service does: while another opener migrates the database, it is locked, and tried again.
    package func openPatiently() async throws -> String {
        while true {
            do throws(EventStoreError) {
                return try await open()
            } catch {
                guard error.code == .locked else { throw error }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
