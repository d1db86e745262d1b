import EventStore
import FoundationEssentials
import Logging
import PostgresStore
import SQLiteStore
import ServiceRuntime

/// The archive of `DATABASE_URL`, opened for its dead letters.
struct DeadLetterAccess {
    private let url: DatabaseURL
    private let name: String

    /// - Throws: `CommandFailure` with one line when there is nothing to open.
    init(_ settings: Settings) throws {
        name = try ArchiveAddress(settings).name
        url = try DatabaseURL(settings.databaseURL().reveal())
    }

    /// Opens it for `body` and closes it; an error of the database becomes one line.
    func withArchive<Result>(_ body: (any DeadLetterArchive) async throws -> Result) async throws -> Result {
        do {
            let (archive, condition) = try await opened()
            guard condition.schema == .current else {
                throw CommandFailure(
                    65,
                    "the tables of \(name) are not those of this version; start the writer of the same version first"
                )
            }
            do {
                _ = try await archive.persistently(for: .seconds(30)) { try await $0.open() }
                let result = try await body(archive)
                await archive.close()
                return result
            } catch {
                await archive.close()
                throw error
            }
        } catch let error as EventStoreError {
            throw CommandFailure(Self.status(of: error.code), "the database \(name) cannot be used: \(error.message)")
        }
    }

    private func opened() async throws -> (any DeadLetterArchive, ArchiveCondition) {
        switch url {
        case .sqlite(let path):
            let condition = try await Patience.blocking { try SQLiteInspection.inspect(path: path) }
            return (SQLiteStore(SQLiteStore.Configuration(path: path)), condition)
        case .postgresql(let uri):
            let address = try PostgresAddress(uri: uri)
            let condition = try await Patience.blocking { try PostgresInspection.inspect(address) }
            let configuration = PostgresStore.Configuration(
                address: address,
                application: "twitch-chat-collector dead-letters"
            )
            let logger = Logger(label: "collector") { _ in SwiftLogNoOpLogHandler() }
            return (PostgresStore(configuration, logger: logger), condition)
        }
    }

    private static func status(of code: EventStoreError.Code) -> Int32 {
        switch code {
        case .locked: 75
        case .unreachable, .unavailable, .commitOutcomeUnknown, .closed: 69
        case .accessDenied, .readOnly: 77
        case .diskFull, .cannotOpen: 74
        case .incompatible, .noDatabase, .corrupt, .schema, .refused: 65
        }
    }
}

extension DeadLetterArchive {
    /// Everything that is selected, one page after the other, in the order of the keys.
    func forEachDeadLetter(
        _ selection: DeadLetterSelection,
        _ body: (StoredDeadLetter) async throws -> Void
    ) async throws {
        var last: DeadLetter.Key?
        while true {
            let place = last
            let page = try await persistently(for: .seconds(30)) { try await $0.deadLetters(after: place, limit: 200) }
            guard let end = page.last else { return }
            for stored in page {
                guard selection.producer.map({ $0 == stored.letter.producer }) ?? true,
                    selection.reason.map({ stored.letter.reason.contains($0) }) ?? true
                else { continue }
                try await body(stored)
            }
            last = end.letter.key
        }
    }

    /// Repeats a call while a writer has the file or the rows, and one whose answer was lost: it changes nothing twice.
    func persistently<Value>(
        for patience: Duration,
        _ call: (any DeadLetterArchive) async throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try await call(self)
            } catch let error as EventStoreError where error.code == .locked || error.code == .commitOutcomeUnknown {
                guard .now < end else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
