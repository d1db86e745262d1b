import EventStore
import FoundationEssentials
import PostgresStore
import SQLiteStore
import ServiceRuntime

/// The archive: reachable, of a schema that this version can use, and writable.
struct DatabaseCheck: Sendable {
    let settings: Settings

    var check: Check {
        Check(name: .database, needs: [.settings(of: "writer")], limit: .seconds(8)) { _ in
            let url = try DatabaseURL(settings.databaseURL().reveal())
            return try await Patience.blocking {
                switch url {
                case .sqlite(let path): try sqlite(path)
                case .postgresql(let uri): try postgres(PostgresAddress(uri: uri))
                }
            }
        }
    }

    private func sqlite(_ path: String) throws -> String {
        guard FileManager.default.fileExists(atPath: path) else {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            try PlannedDirectory(folder).check(named: "DATABASE_URL")
            return "\(path) is made by the writer when it starts"
        }
        return try look(path, "look at its owner and mode, or name another file in DATABASE_URL") {
            try SQLiteInspection.inspect(path: path)
        }
    }

    private func postgres(_ address: PostgresAddress) throws -> String {
        let advice = "look at DATABASE_URL and at the server: is it started, does it let this user in?"
        let found = try look("\(address)", advice) { try PostgresInspection.inspect(address) }
        return address.encryptionAdvice.map { "\(found); \($0)" } ?? found
    }

    private func look(_ name: String, _ advice: String, _ inspect: () throws -> ArchiveCondition) throws -> String {
        let condition: ArchiveCondition
        do {
            condition = try inspect()
        } catch let error as EventStoreError {
            throw Complaint(Self.status(of: error.code), "\(name): \(error.message)", advice: advice)
        }
        if case .newer(let step) = condition.schema {
            throw Complaint(
                65,
                "\(name) was migrated by a newer version (\(step))",
                advice: "run that version or a newer one, or name another database in DATABASE_URL"
            )
        }
        if let obstacle = condition.writeObstacle {
            throw Complaint(77, "\(name): \(obstacle)", advice: advice)
        }
        return switch condition.schema {
        case .absent: "\(name), empty: the writer makes its tables when it starts"
        case .older(let missing):
            "\(name), of an older version (\(missing) is missing): the writer brings it up to date"
        case .current, .newer: "\(name), writable"
        }
    }

    private static func status(of code: EventStoreError.Code) -> Int32 {
        switch code {
        case .incompatible, .noDatabase, .corrupt, .schema: 65
        case .accessDenied, .readOnly: 77
        case .unreachable, .unavailable, .locked, .closed: ExitStatus.unavailable.rawValue
        case .commitOutcomeUnknown, .cannotOpen, .diskFull, .refused: ExitStatus.inputOutput.rawValue
        }
    }
}
