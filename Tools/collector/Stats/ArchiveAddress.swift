import EventStore
import FoundationEssentials
import SQLiteStore
import ServiceRuntime

/// The database that `DATABASE_URL` names, for reading.
struct ArchiveAddress: Sendable {
    private let path: String

    /// As a person knows it; never a secret.
    var name: String { path }

    /// - Throws: `CommandFailure` with one line when there is nothing to read.
    init(_ settings: Settings) throws {
        do {
            switch try DatabaseURL(settings.databaseURL().reveal()) {
            case .sqlite(let path): self.path = path
            case .postgresql:
                throw CommandFailure(
                    78,
                    "DATABASE_URL names PostgreSQL, whose streams this command cannot read; expected sqlite:///relative/path "
                        + "or sqlite:////absolute/path"
                )
            }
        } catch let error as DatabaseURLError {
            throw CommandFailure(78, error.description)
        }
        guard FileManager.default.fileExists(atPath: path) else {
            let demo = try settings.string("STATE_DIR", default: "./data") + "/demo/twitch_chats.db"
            let hint =
                FileManager.default.fileExists(atPath: demo)
                ? "the demo's is read with DATABASE_URL=sqlite:///\(demo)"
                : "set DATABASE_URL, or collect something first: collector run"
            throw CommandFailure(66, "there is no database \(path); \(hint)")
        }
    }

    /// Opens it for `body`; an error of the database becomes one line.
    func reporting<Result>(_ body: (any ArchiveReader) async throws -> Result) async throws -> Result {
        do {
            return try await body(SQLiteArchiveReader(path: path))
        } catch let error as EventStoreError {
            switch error.code {
            case .incompatible, .corrupt:
                throw CommandFailure(65, "the database \(path) cannot be read: \(error.message)")
            default: throw CommandFailure(74, "the database \(path) cannot be read: \(error.message)")
            }
        }
    }
}
