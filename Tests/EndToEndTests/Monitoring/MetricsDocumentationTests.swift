import Foundation
import TestSupport
import Testing

/// docs/metrics.md says what the running services show, no more and no less.
struct MetricsDocumentationTests {
    @Test func `every metric of every service is documented, and every documented one is there`() async throws {
        let page = try MetricsPage()
        try await Stack.with { stack in
            try await stack.startReadyTokenService()
            try stack.startPoller(["STREAM_POLL_INTERVAL": "500ms"])
            try stack.startWriter()
            try stack.startGateway(["BACKFILL_URL": stack.history])
            try await stack.joined()
            let programs = [stack.gateway, stack.poller, stack.tokenService, stack.writer].compactMap(\.self)
            #expect(programs.count == MetricsPage.services.count)
            for program in programs {
                let documented = page.metrics(of: program.name)
                // A few appear with the first request, transaction or connection.
                try? await eventually("\(program.name) shows all", within: .seconds(60)) {
                    let scrape = try await Readiness.page("metrics", of: program, stateDirectory: stack.state)
                    return MetricsPage.shown(scrape) == documented
                }
                let scrape = try await Readiness.page("metrics", of: program, stateDirectory: stack.state)
                let shown = MetricsPage.shown(scrape)
                #expect(documented.subtracting(shown) == [], "documented for \(program.name) and not there")
                #expect(shown.subtracting(documented) == [], "shown by \(program.name) and not documented")
            }
        }
    }

    @Test func `the lag of what is stored and of what waits is measured`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            _ = try await stack.control.burst(stack.channels, 50)
            let gateway = try #require(stack.gateway)
            try await eventually("events wait, as nobody stores them") {
                try await stack.value("bus_journal_undelivered_seconds", of: gateway) > 1
            }
            try stack.startWriter()
            let writer = try #require(stack.writer)
            try await eventually("they are stored, and the wait is over") {
                let waited = try await stack.value("bus_journal_undelivered_seconds", of: gateway)
                return waited == 0 && stack.rows("chat_messages") == 50
            }
            #expect(try await stack.value("writer_lag_seconds_sum", of: writer) > 1)
            #expect(try await stack.value("writer_last_commit_timestamp_seconds", of: writer) > 1_700_000_000)
            #expect(try await stack.value("bus_journal_cap_bytes", of: gateway) == Double(8 << 30))
        }
    }

    @Test func `the gateway knows which of its channels are live`() async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            try await stack.startReadyTokenService()
            try stack.startPoller(["STREAM_POLL_INTERVAL": "500ms"])
            try await stack.control.post(
                "streams",
                ["login": "quietharbor", "online": true, "title": "x", "viewers": 3]
            )
            try stack.startGateway()
            let gateway = try #require(stack.gateway)
            try await eventually("one of two channels is live; it said: \(gateway.errorOutput.suffix(500))") {
                try await stack.value("irc_channels_live", of: gateway) == 1
            }
            #expect(try await stack.value("irc_channels_live_silent", of: gateway) == 0)
        }
    }
}

extension Stack {
    /// One series without labels of a running service; -1 while it is not there.
    fileprivate func value(_ name: String, of program: RunningProgram) async throws -> Double {
        guard let scrape = try? await Readiness.page("metrics", of: program, stateDirectory: state) else { return -1 }
        let line = scrape.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Double($0.dropFirst(name.count + 1)) } ?? -1
    }
}
