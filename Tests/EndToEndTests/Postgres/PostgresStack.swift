import Foundation
import Synchronization
import TestSupport
import Testing

/// A stack whose writers, any number of them, share a database on a real server.
final class PostgresStack: Sendable {
    let stack: Stack
    let server: PostgresServer
    let database: String
    private let writers = Mutex<[RunningProgram]>([])

    private init(stack: Stack, server: PostgresServer, database: String) {
        self.stack = stack
        self.server = server
        self.database = database
    }

    /// Runs `body` and ends every process afterwards, whatever happens. Channels lie in many partitions. `server` is one of
    /// the test's own where it stops the server; nil means the one that all tests share.
    static func with(
        channels: Int = 24,
        server: PostgresServer? = nil,
        _ body: (PostgresStack) async throws -> Void
    ) async throws {
        let server = if let server { server } else { try await PostgresServer.shared() }
        let database = try await server.makeDatabase()
        let names = (1...channels).map { "harbor_\($0)" }
        try await Stack.with(channels: names) { stack in
            let postgres = PostgresStack(stack: stack, server: server, database: database)
            do {
                try await body(postgres)
                try await postgres.stopWriters()
            } catch {
                try? await postgres.stopWriters()
                throw error
            }
        }
        try await server.dropDatabase(database)
    }

    var all: [RunningProgram] { writers.withLock { $0 } }

    @discardableResult
    func startWriter(_ extra: [String: String] = [:]) throws -> RunningProgram {
        let environment = stack.environment
            .merging(["DATABASE_URL": server.uri(database)]) { $1 }
            .merging(extra) { $1 }
        let program = try RunningProgram("writer", environment: environment, in: stack.directory)
        writers.withLock { $0.append(program) }
        return program
    }

    /// SIGTERM, and the writer says with its exit code that all went well.
    func stopWriter(_ program: RunningProgram) async throws {
        program.send(SIGCONT)
        #expect(try await program.stop() == 0, "\(program.errorOutput.suffix(600))")
        writers.withLock { $0.removeAll { $0.pid == program.pid } }
    }

    private func stopWriters() async throws {
        for program in all where program.isRunning {
            program.send(SIGCONT)
            try await program.stop()
        }
    }

    func query(_ sql: String) async throws -> [[String?]] {
        try await server.psql(database, sql)
    }

    func count(_ sql: String) async -> Int {
        guard let rows = try? await query(sql), let value = rows.first?.first ?? nil else { return 0 }
        return Int(value) ?? 0
    }

    /// How many partitions each writer's session holds.
    func shares() async throws -> [Int] {
        try await query(
            """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND objid < 32
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid
            """
        ).compactMap { $0.first.flatMap(\.self).flatMap { Int($0) } }
    }

    /// Waits until this many writers share all partitions.
    func shared(by writers: Int, within deadline: Duration = .seconds(60)) async throws {
        let words = { self.all.map { $0.errorOutput.suffix(300) }.joined(separator: "\n") }
        try await eventually("\(writers) writers share all partitions; they said: \(words())", within: deadline) {
            let shares = try await self.shares()
            return shares.count == writers && shares.reduce(0, +) == 32
        }
    }

    /// Waits until the rows are there, and then proves that they are exactly the offered ones, each once.
    func expectStored(_ offered: Set<String>) async throws {
        let words = { self.all.map { $0.errorOutput.suffix(400) }.joined(separator: "\n") }
        try await eventually("\(offered.count) rows; the writers said: \(words())", within: .seconds(300)) {
            await self.count("SELECT count(*) FROM chat_messages") >= offered.count
        }
        let stored = try await query("SELECT id FROM chat_messages").compactMap { $0.first.flatMap(\.self) }
        #expect(stored.count == Set(stored).count, "no id is stored twice")
        #expect(Set(stored) == offered, "\(offered.subtracting(stored).count) of \(offered.count) are missing")
        #expect(await count("SELECT count(*) FROM collection_gaps") == 0)
        #expect(await count("SELECT count(*) FROM dead_letters") == 0)
    }

    /// From here on nothing but the offsets keeps rows from being doubled.
    func dropUniqueIndexes() async throws {
        _ = try await query("DROP INDEX key_chat_messages, key_message_deleted_events, key_user_banned_events")
    }
}
