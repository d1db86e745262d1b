import Foundation
import GRDB
import TestSupport
import Testing

/// Real processes on a machine whose clock is wrong.
@Suite(.serialized) struct WrongClockTests {
    private struct Session: Equatable {
        var startedAt: Date?
        var stoppedAt: Date?
        var reason: String?
    }

    private static func sessions(_ stack: Stack) throws -> [Session] {
        guard stack.rows("collection_sessions") > 0 else { return [] }
        return try stack.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT started_at, stopped_at, stop_reason FROM collection_sessions ORDER BY created_at, session_id"
            ).map { Session(startedAt: $0[0], stoppedAt: $0[1], reason: $0[2]) }
        } ?? []
    }

    /// The one session of a channel.
    private static func session(_ stack: Stack) throws -> Session? { try sessions(stack).first { $0.startedAt != nil } }

    @Test(arguments: [7200, -7200, -1_790_000_000])
    func `a clock that is put right leaves sessions of the right length at the right time`(error: Int) async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let clock = try await SettableClock(in: stack.directory)
            try clock.set(error: error)
            let begin = Date()
            try stack.startWriter(clock.environment)
            try stack.startGateway(clock.environment)
            try await eventually("the session is stored by the wrong clock") {
                try Self.session(stack)?.startedAt.map { abs($0.timeIntervalSince(begin)) > 3600 } ?? false
            }
            let gateway = try #require(stack.gateway)
            if error < -10_000 {
                try await eventually("health tells of the impossible clock") {
                    let readiness = await Readiness.of(gateway, stateDirectory: stack.directory + "/state")
                    return readiness?.status == 503 && readiness?.body.contains("which cannot be") == true
                }
            }
            try clock.set(error: 0)
            try await eventually("the session is told again; \(gateway.errorOutput.suffix(1000))") {
                try Self.session(stack)?.startedAt.map { abs($0.timeIntervalSince(begin)) < 120 } ?? false
            }
            try await eventually("ready") {
                await Readiness.of(gateway, stateDirectory: stack.directory + "/state")?.status == 200
            }
            _ = try await gateway.stop()
            let end = Date()
            try await eventually("the end is stored") { try Self.session(stack)?.stoppedAt != nil }
            let session = try #require(try Self.session(stack))
            let (started, stopped) = (try #require(session.startedAt), try #require(session.stoppedAt))
            #expect(started > begin.addingTimeInterval(-1) && started < stopped && stopped < end.addingTimeInterval(1))
            #expect(session.reason == "shutdown")
            #expect(try Self.sessions(stack).contains { $0.reason?.hasPrefix("clock_set_by_") == true })
            let coverage = try #require(try await stack.coverage().first)
            let listened = stopped.timeIntervalSince(started)
            #expect(abs(coverage.share * 3600 - listened) < 2, "\(coverage.share) of an hour, \(listened) s")
        }
    }

    @Test(arguments: [7200, -7200])
    func `a gateway that is killed by a wrong clock has its session put right by its successor`(error: Int) async throws
    {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let clock = try await SettableClock(in: stack.directory)
            try clock.set(error: error)
            let begin = Date()
            try stack.startWriter()
            try stack.startGateway(clock.environment)
            try await eventually("the session is stored by the wrong clock") {
                try Self.session(stack)?.startedAt.map { abs($0.timeIntervalSince(begin)) > 3600 } ?? false
            }
            let alive = stack.directory + "/state/journal/irc-gateway/slot-0/alive"
            try await eventually("it has given a sign of life") { FileManager.default.fileExists(atPath: alive) }
            try await stack.gateway?.killNow()
            let end = Date()
            try stack.startGateway()
            try await eventually("the session is ended, at the right time; \((try? Self.sessions(stack)) ?? [])") {
                try Self.sessions(stack).contains { session in
                    guard session.reason == "crashed", let started = session.startedAt, let stopped = session.stoppedAt
                    else { return false }
                    return started > begin.addingTimeInterval(-2) && started <= stopped
                        && stopped < end.addingTimeInterval(2)
                }
            }
        }
    }

    @Test func `the doctor names an impossible date`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let clock = try await SettableClock(in: stack.directory)
            try clock.set(error: -1_790_000_000)
            let report = try await stack.doctor(clock.environment)
            #expect(report["date of this machine"]?.outcome == "wrong" && report.status == 78)
            #expect(report["date of this machine"]?.text.contains("which cannot be; set it") == true)
        }
    }
}
