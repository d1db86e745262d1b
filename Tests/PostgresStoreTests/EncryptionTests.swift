import EventStore
import Foundation
import Logging
import PostgresStore
import TestSupport
import Testing

/// TLS as `DATABASE_URL` asks for it, with a real server and a certificate of our own.
@Suite struct EncryptionTests {
    @Test func `a self-signed certificate is enough for require, and must be trusted for verify-full`() async throws {
        let server = try await PostgresServer()
        let database = try await server.makeDatabase()
        let certificates = try await Certificates(of: server)

        let plain = try await open(server, database, host: "localhost", "sslmode=require")
        #expect(plain?.message.contains("does not support SSL") == true, "\(String(describing: plain))")

        try await certificates.turnOn()
        try await eventually("the server speaks TLS", within: .seconds(60)) {
            await (try? open(server, database, host: "localhost", "sslmode=require")) == .some(nil)
        }
        let trusted = "sslmode=verify-full&sslrootcert=\(certificates.own)"
        let verified = try await open(server, database, host: "localhost", trusted) {
            let rows = try await server.psql(
                database,
                "SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) "
                    + "WHERE a.application_name = 'tls'"
            )
            #expect(rows == [["t"]])
        }
        #expect(verified == nil)

        let stranger = try await open(
            server,
            database,
            host: "localhost",
            "sslmode=verify-full&sslrootcert=\(certificates.stranger)"
        )
        expectLine(stranger, "certificate verify failed")
        let name = try await open(server, database, host: "127.0.0.1", trusted)
        expectLine(name, "does not match host name")
    }

    /// One line for a person, without the URL's secrets, that tells to try again later.
    private func expectLine(_ error: EventStoreError?, _ words: String) {
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.message.contains("\n") == false)
        #expect(error?.description.contains("hunter2") == false)
    }

    /// Opens a store over TCP; the error where that is refused.
    private func open(
        _ server: PostgresServer,
        _ database: String,
        host: String,
        _ options: String,
        whileOpen body: () async throws -> Void = {}
    ) async throws -> EventStoreError? {
        let uri = "postgresql://collector:hunter2@\(host):\(server.port)/\(database)?hostaddr=127.0.0.1&\(options)"
        var configuration = PostgresStore.Configuration(address: try PostgresAddress(uri: uri))
        configuration.application = "tls"
        let store = PostgresStore(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do throws(EventStoreError) {
            _ = try await store.open()
        } catch {
            return error
        }
        try await body()
        await store.close()
        return nil
    }
}

/// A server's own certificate for `localhost`, and one that signed nothing.
private struct Certificates {
    let server: PostgresServer
    var own: String { server.directory + "/data/server.crt" }
    var stranger: String { server.directory + "/stranger.crt" }

    init(of server: PostgresServer) async throws {
        self.server = server
        let script = """
            set -e
            make() {
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \\
                    -addext subjectAltName=DNS:localhost -keyout "$1.key" -out "$1.crt" 2>/dev/null
                chmod 0600 "$1.key"
            }
            make "$1/data/server"
            make "$1/stranger"
            if [ "$(id -u)" -eq 0 ]; then chown postgres "$1/data/server.key" "$1/data/server.crt"; fi
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "certificates", server.directory]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        try await eventually("certificates are made", within: .seconds(60)) { !process.isRunning }
        #expect(process.terminationStatus == 0)
    }

    func turnOn() async throws {
        _ = try await server.psql("postgres", "ALTER SYSTEM SET ssl = on")
        _ = try await server.psql("postgres", "SELECT pg_reload_conf()")
    }
}
