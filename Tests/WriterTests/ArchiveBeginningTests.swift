import EventStore
import Foundation
import PostgresStore
import Protocol
import SQLiteStore
import TestSupport
import Testing

@testable import writer

/// An empty database beside journals that are kept for an archive.
@Suite struct ArchiveBeginningTests {
    @Test func `an empty database is begun only where no journal is kept for another, or when a person says so`()
        async throws
    {
        try await Archive.with { archive in
            let state = archive.path + ".state"
            let beginning = ArchiveBeginning(stateDirectory: state)
            #expect(try await beginning.obstacle(archive.store) == nil, "there is nothing yet")
            #expect(await !beginning.hadArchive())
            try Self.bind(state, to: #"{"groups":{"tap":{"committed":{},"database":"d"}}}"#)
            #expect(try await beginning.obstacle(archive.store) == nil, "a tap is no archive")

            try Self.bind(state, to: #"{"groups":{"writer":{"committed":{},"database":"d"}}}"#)
            let obstacle = try #require(try await beginning.obstacle(archive.store))
            #expect(obstacle.message.contains("/journal/irc-gateway/slot-0"))
            #expect(obstacle.message.contains("WRITER_NEW_ARCHIVE=true") && obstacle.isRetriable)
            #expect(!FileManager.default.fileExists(atPath: archive.path), "nothing was made")
            #expect(try await ArchiveBeginning(isWanted: true, stateDirectory: state).obstacle(archive.store) == nil)

            let store = archive.store
            _ = try await store.open()
            await store.close()
            #expect(try await beginning.obstacle(archive.store) == nil, "this is an archive")
        }
    }

    @Test func `the same of PostgreSQL, where nothing is made either`() async throws {
        try await Archive.with { archive in
            let state = archive.path + ".state"
            try Self.bind(state, to: #"{"groups":{"writer":{"committed":{},"database":"d"}}}"#)
            try await archive.withPostgres { server, database, store in
                let beginning = ArchiveBeginning(stateDirectory: state)
                #expect(try await beginning.obstacle(store) != nil)
                #expect(
                    try await server.psql(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [
                        ["0"]
                    ]
                )
                _ = try await store.open()
                #expect(try await beginning.obstacle(store) == nil)
                // A schema that nobody meant.
                try await server.psql(
                    database,
                    "CREATE SCHEMA other; ALTER DATABASE \(database) SET search_path = other"
                )
                let elsewhere = try await beginning.obstacle(store)
                #expect(elsewhere != nil)
                await store.close()
            }
        }
    }

    private static func bind(_ state: String, to acknowledged: String) throws {
        let slot = state + "/journal/irc-gateway/slot-0"
        try FileManager.default.createDirectory(atPath: slot, withIntermediateDirectories: true)
        try acknowledged.write(toFile: slot + "/acknowledged.json", atomically: true, encoding: .utf8)
    }
}
