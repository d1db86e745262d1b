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
    /// Where the running services store, and nothing else says so.
    private var isTaken = false

    /// As a person knows it; never a secret.
    var name: String {
        switch engine {
        case .sqlite(let path): path
        case .postgresql(let address): "\(address)"
        }
    }

    /// The one that a person names, else the one that the running services write, which is told on standard error where it is
    /// not the default one.
    /// - Throws: `CommandFailure` with one line when there is nothing to read.
    static func ofWhatRuns(configFile: String?) throws -> ArchiveAddress {
        let found = try CommandSettings.ofWhatRuns(configFile: configFile, for: .archive)
        var archive = try ArchiveAddress(found.settings)
        archive.isTaken = found.taken["DATABASE_URL"] != nil || found.taken["DATABASE_URL_FILE"] != nil
        if archive.isTaken, !archive.isDefault {
            let demo =
                found.instance?.isDemo == true ? "the demo's archive" : "the archive of the services that run here"
            Terminal.error.write("reading \(demo), \(archive.name.printable); DATABASE_URL names another\n")
        }
        return archive
    }

    /// Whether it is what is read where nothing is set and nothing runs.
    private var isDefault: Bool {
        guard case .sqlite(let path) = engine else { return false }
        let directory = FileManager.default.currentDirectoryPath
        return RunPlan.absolute(path, in: directory) == RunPlan.absolute("data/twitch_chats.db", in: directory)
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
            // The services' own password is not written down where others might read it.
            let hint = isTaken && name.hasPrefix("postgres") ? "; set DATABASE_URL as the writer has it" : ""
            switch error.code {
            case .incompatible, .noDatabase, .corrupt, .schema:
                throw CommandFailure(65, "the database \(name) cannot be read: \(error.message)")
            case .unreachable, .unavailable:
                throw CommandFailure(69, "the database \(name) cannot be reached: \(error.message)\(hint)")
            case .accessDenied:
                throw CommandFailure(77, "the database \(name) cannot be read: \(error.message)\(hint)")
            default: throw CommandFailure(74, "the database \(name) cannot be read: \(error.message)")
            }
        }
    }
}
