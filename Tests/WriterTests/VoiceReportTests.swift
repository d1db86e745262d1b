import EventBus
import EventStore
import Logging
import Protocol
import ServiceRuntime
import Testing

@testable import writer

/// What people are told about who hears whom.
@Suite struct VoiceReportTests {
    private static let time = Timestamp(milliseconds: 1_800_000_000_000)
    private static let heard = BusReach(heard: [HeardProducer(producer: "gw-a", service: "irc-gateway")])
    private let health = Health()
    private let start = ContinuousClock.now

    private func reason(_ part: String) -> String? { health.parts.first { $0.name == part }?.reason }

    private func unheard(_ head: UInt32) -> UnheardProducer {
        let record = ProducerRecord(
            producer: "gw-gone",
            service: "irc-gateway",
            identity: .local,
            heardAt: Timestamp(milliseconds: Self.time.rawValue - 60_000),
            heads: [3: Offset(epoch: 1, sequence: head)]
        )
        return UnheardProducer(record, stored: [3: Offset(epoch: 1, sequence: 5)])
    }

    private func report() -> VoiceReport {
        VoiceReport(health: health, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `a producer that is gone with events is told of by name, time and number`() throws {
        var report = report()
        var ownership = Ownership(partitions: [1], producers: ["gw-a": [1]], unheard: [unheard(9)])
        report.report(ownership, Self.heard, at: Self.time, now: start)
        let reason = try #require(self.reason("producers"))
        #expect(
            reason.contains("gw-gone") && reason.contains("2027-01-15T07:59:00") && reason.contains("at most 4 events")
        )
        #expect(self.reason("bus") == nil && self.reason("partitions") == nil)
        report.report(ownership, Self.heard, at: Timestamp(milliseconds: Self.time.rawValue + 90_000_000), now: start)
        #expect(self.reason("producers") == nil, "gone for good")
        ownership.unheard = [unheard(5)]
        report.report(ownership, Self.heard, at: Self.time, now: start)
        #expect(self.reason("producers") == nil, "nothing of it waits")
    }

    @Test func `who hears nobody is not ready, though not at once`() {
        var report = report()
        let ownership = Ownership(partitions: [1])
        health.report("bus", reason: "no producer was found yet")
        report.report(ownership, BusReach(), at: Self.time, now: start)
        #expect(reason("bus") == "no producer was found yet")
        report.report(ownership, Self.heard, at: Self.time, now: start)
        #expect(reason("bus") == nil)
        report.report(ownership, BusReach(), at: Self.time, now: start + .seconds(14))
        #expect(reason("bus") == nil)
        report.report(ownership, BusReach(), at: Self.time, now: start + .seconds(16))
        #expect(reason("bus")?.contains("IRC_GATEWAY_BUS") == true)
    }

    @Test func `whom others hear is worth a word and no reason`() {
        var report = report()
        let ownership = Ownership(partitions: [1], producers: ["gw-a": [1]], elsewhere: ["gw-b"])
        report.report(ownership, Self.heard, at: Self.time, now: start)
        #expect(health.parts.allSatisfy { $0.reason == nil })
        #expect(health.parts.contains { $0.detail?.contains("gw-b") == true })
    }

    @Test func `who is refused is a reason`() {
        var report = report()
        let reach = BusReach(heard: Self.heard.heard, refusals: ["tcp://10.0.0.5:7001: its epoch is in the future"])
        let ownership = Ownership(
            partitions: [1],
            producers: ["gw-a": [1]],
            refused: ["gw-c": "gw-c is known with a key"]
        )
        report.report(ownership, reach, at: Self.time, now: start)
        #expect(reason("producers")?.contains("gw-c is known") == true)
        #expect(reason("producers")?.contains("in the future") == true)
    }
}
