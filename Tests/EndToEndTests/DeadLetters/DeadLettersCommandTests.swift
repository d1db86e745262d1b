import Foundation
import GRDB
import TestSupport
import Testing

/// `collector dead-letters` beside a running writer.
@Suite(.serialized) struct DeadLettersCommandTests {
    @Test func `what a table refused comes back once the table takes it, and what cannot be read stays`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 50).ids
            try await stack.expectStored(offered)
            try write(
                stack,
                "CREATE TRIGGER odd BEFORE INSERT ON chat_messages "
                    + "WHEN NEW.chatter_user_id <> '100000000' AND NEW.rowid % 1 = 0 AND NEW.id LIKE '%a%' "
                    + "BEGIN SELECT RAISE(ABORT, 'odd'); END"
            )
            offered.formUnion(try await stack.control.burst(stack.channels, 50).ids)
            try await eventually("all is stored or kept; \(stack.writer?.errorOutput.suffix(400) ?? "")") {
                stack.rows("chat_messages") + stack.rows("dead_letters") >= offered.count
            }
            let kept = stack.rows("dead_letters")
            #expect(kept > 0 && stack.rows("chat_messages") + kept == offered.count)
            try write(
                stack,
                "DROP TRIGGER odd; INSERT INTO dead_letters VALUES "
                    + "('gw-x', 3, 4294967297, 'unknown type: later', CAST('t' || char(10) || '{' AS BLOB), '2026-11-22 10:00:00')"
            )

            let list = try await run(stack, "list")
            #expect(list.code == 0 && list.output.contains("\(kept + 1) in all."), "\(list.output)")
            #expect(list.output.contains("refused: odd"))
            let other = try await run(stack, "retry", "--reason", "unknown")
            #expect(other.code == 65 && other.output.contains("0 stored."), "\(other.output)")
            let retry = try await run(stack, "retry")
            #expect(retry.code == 65 && retry.output.contains("\(kept) stored."), "\(retry.output)")
            #expect(retry.output.contains("1 stay: malformed"), "\(retry.output)")
            try await stack.expectStored(offered)
            #expect(stack.rows("dead_letters") == 1)
        }
    }

    private func run(_ stack: Stack, _ arguments: String...) async throws -> (code: Int32, output: String) {
        let program = try RunningProgram(
            "collector",
            ["dead-letters"] + arguments,
            environment: stack.environment,
            in: stack.directory
        )
        let code = try await program.exitCode()
        return (code, program.output + program.errorOutput)
    }

    private func write(_ stack: Stack, _ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: stack.database, configuration: configuration)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}
