import EventStore
import TestSupport
import Testing

@testable import PostgresStore

/// Where nobody says how, a connection to another machine is encrypted or none.
@Suite struct ConnectionEncryptionTests {
    @Test(
        arguments: [
            ("postgresql://db.example.org/chats", "require"), ("postgresql://10.0.0.5,127.0.0.1/chats", "require"),
            ("postgresql://[2001:db8::1]/chats", "require"), ("postgresql://localhost.example.org/c", "require"),
            ("postgresql://db/chats?sslmode=disable", nil), ("postgresql://db/chats?sslmode=verify-full", nil),
            ("postgresql://localhost/chats", nil), ("postgresql://127.0.0.1:5433/chats", nil),
            ("postgresql://[::1]/chats", nil), ("postgresql:///chats", nil),
            ("postgresql://%2Fvar%2Frun%2Fpostgresql/chats", nil), ("postgresql://db/chats?hostaddr=127.0.0.1", nil),
            ("postgresql://localhost/chats?hostaddr=10.0.0.5", "require"), ("postgresql:///chats?service=mine", nil),
        ] as [(String, String?)]
    )
    func `sslmode is require for hosts that are not local, unless somebody names another`(
        _ uri: String,
        _ mode: String?
    ) throws {
        let keywords = try PostgresAddress(uri: uri).keywords(application: "test")
        #expect(keywords.first { $0.name == "sslmode" }?.value == mode)
    }

    @Test(
        arguments: [
            ("postgresql://db/chats", "verify-full"), ("postgresql://db/chats?sslmode=require", "verify-full"),
            ("postgresql://db/chats?sslmode=disable", "clear text"), ("postgresql://db/c?sslmode=verify-full", nil),
            ("postgresql://localhost/chats", nil),
        ] as [(String, String?)]
    )
    func `what would be safer is told`(_ uri: String, _ words: String?) throws {
        let advice = try PostgresAddress(uri: uri).encryptionAdvice
        #expect(words.map { advice?.contains($0) == true } ?? (advice == nil))
    }

    @Test func `a server that declines TLS gets no password, and a person an advice`() async throws {
        try await withPostgresHarness { harness in
            // This machine by an address that is not known as its own.
            let uri =
                "postgresql://collector:hunter2@[::ffff:127.0.0.1]:\(harness.server.port)/\(harness.database)"
            let address = try PostgresAddress(uri: uri)
            let store = try harness.store { $0.address = address }
            await #expect {
                try await store.open()
            } throws: { error in
                let error = error as? EventStoreError
                return error?.code == .unreachable && error?.message.contains("sslmode=disable") == true
                    && error?.message.contains("hunter2") == false
            }
            let open = try PostgresAddress(uri: uri + "?sslmode=disable")
            let plain = try harness.store { $0.address = open }
            _ = try await plain.open()
            await plain.close()
        }
    }
}
