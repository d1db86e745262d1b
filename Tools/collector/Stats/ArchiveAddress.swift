import EventStore
import FoundationEssentials
import PostgresStore
import SQLiteStore
import ServiceRuntime

/// The database that `DATABASE_URL` names, for reading.
struct ArchiveAddress: Sendable {
    private enum Engine: Sendable {
        case sqlite(path: String)
        case postgresql(PostgresAddress)
    }

    private let engine: Engine

    /// As a person knows it; never a secret.
    var name: String {
        switch engine {
        case .sqlite(let path): path
        case .postgresql(let address): "\(address)"
        }
    }

    /// - Throws: `CommandFailure` with one line when there is nothing to read.
    init(_ settings: Settings) throws {
        do {
            switch try DatabaseURL(settings.databaseURL().reveal()) {
            case .sqlite(let path): engine = .sqlite(path: try Self.checked(path, settings))
            case .postgresql(let uri): engine = .postgresql(try PostgresAddress(uri: uri))
            }
        } catch let error as DatabaseURLError {
            throw CommandFailure(78, error.description)
        }
    }

    private static func checked(_ path: String, _ settings: Settings) throws -> String {
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        let demo = try settings.string("STATE_DIR", default: "./data") + "/demo/twitch_chats.db"
        let hint =
            FileManager.default.fileExists(atPath: demo)
            ? "the demo's is read with DATABASE_URL=sqlite:///\(demo)"
            : "set DATABASE_URL, or collect something first: collector run"
        throw CommandFailure(66, "there is no database \(path); \(hint)")
    }

    /// Opens it for `body`; an error of the database becomes one line.
    func reporting<Result>(_ body: (any ArchiveReader) async throws -> Result) async throws -> Result {
        do {
            switch engine {
            case .sqlite(let path): return try await body(SQLiteArchiveReader(path: path))
            case .postgresql(let address): return try await body(PostgresArchiveReader(address))
            }
        } catch let error as EventStoreError {
            switch error.code {
            case .incompatible, .noDatabase, .corrupt, .schema:
                throw CommandFailure(65, "the database \(name) cannot be read: \(error.message)")
            case .unreachable, .unavailable:
                throw CommandFailure(69, "the database \(name) cannot be reached: \(error.message)")
            case .accessDenied:
                throw CommandFailure(77, "the database \(name) cannot be read: \(error.message)")
            default: throw CommandFailure(74, "the database \(name) cannot be read: \(error.message)")
            }
        }
    }
}
