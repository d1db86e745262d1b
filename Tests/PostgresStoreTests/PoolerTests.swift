import EventStore
import Foundation
import PostgresStore
import Protocol
import TestSupport
import Testing

/// The real PgBouncer before a real server.
@Suite struct PoolerTests {
    @Test(arguments: ["transaction", "statement"])
    func `a pooler that gives each transaction another session is refused with one line`(_ mode: String) async throws {
        try await withPooler(mode) { harness, address in
            let store = try harness.store { $0.address = address }
            await #expect {
                try await store.open()
            } throws: { error in
                let error = error as? EventStoreError
                return error?.code == .incompatible && error?.message.contains("pool_mode = session") == true
            }
        }
    }

    @Test func `a pooler that keeps sessions is as good as none`() async throws {
        try await withPooler("session") { harness, address in
            let store = try harness.store { $0.address = address }
            _ = try await store.open()
            #expect(try await store.rebalance(hearing: [ConformanceEvents.heard]).partitions.count == 32)
            var events = ConformanceEvents()
            let envelopes = ConformanceEvents.all.map { events.next($0.event) }
            #expect(
                try await store.commit(events.batch(envelopes, base: .zero).batch)
                    == .committed(inserted: envelopes.count, duplicates: 0)
            )
            await store.close()
        }
    }

    @Test func `as many sessions are enough as there are writers`() async throws {
        try await withPooler("session", size: 1) { harness, address in
            let store = try harness.store { $0.address = address }
            _ = try await store.open()
            var events = ConformanceEvents()
            let heard = HeardProducer(producer: events.producer, service: "irc-gateway", heads: [:])
            #expect(try await store.rebalance(hearing: [heard]).partitions.count == 32)
            let first = events.batch([events.next(.chatMessage(ConformanceEvents.message("a")))], base: .zero)
            #expect(try await store.commit(first.batch) == .committed(inserted: 1, duplicates: 0))
            // The second look left nobody waiting for our session.
            await store.close()
            let next = try harness.store { $0.address = address }
            _ = try await next.open()
            await next.close()
        }
    }

    @Test func `one session for all in transaction mode is refused all the same`() async throws {
        try await withPooler("transaction", size: 1) { harness, address in
            let store = try harness.store { $0.address = address }
            await #expect {
                try await store.open()
            } throws: { error in
                (error as? EventStoreError)?.code == .incompatible
            }
        }
    }

    private func withPooler(
        _ mode: String,
        size: Int = 20,
        _ body: (PostgresHarness, PostgresAddress) async throws -> Void
    ) async throws {
        try await withPostgresHarness { harness in
            try await withTemporaryDirectory { directory in
                let port = try FreePort.any()
                try """
                [databases]
                * = host=\(harness.server.directory) port=\(harness.server.port)
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = \(port)
                unix_socket_dir =
                auth_type = trust
                auth_file = \(directory)/users.txt
                pool_mode = \(mode)
                default_pool_size = \(size)
                logfile =
                pidfile =
                """.write(toFile: directory + "/pgbouncer.ini", atomically: true, encoding: .utf8)
                try "\"collector\" \"\"\n".write(toFile: directory + "/users.txt", atomically: true, encoding: .utf8)
                // It refuses to be root.
                var command = ["/usr/sbin/pgbouncer", directory + "/pgbouncer.ini"]
                if geteuid() == 0 {
                    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
                    command = ["/usr/sbin/runuser", "-u", "postgres", "--"] + command
                }
                let pooler = try RunningProgram(command[0], Array(command.dropFirst()), in: directory)
                let address = try PostgresAddress(uri: harness.server.tcpURI(harness.database, port: port))
                try await eventually("PgBouncer listens; it said: \(pooler.errorOutput)") {
                    canConnect(port) || !pooler.isRunning
                }
                do {
                    try await body(harness, address)
                } catch {
                    _ = try? await pooler.stop()
                    throw error
                }
                try await pooler.stop()
            }
        }
    }

    private func canConnect(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
