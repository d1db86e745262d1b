import EventBus
import EventStore
import Logging
import Protocol
import ServiceRuntime

/// Tells people whom the writers hear: in the log when that changes, in `/health/ready` while it is in the way of something.
struct VoiceReport {
    /// How long a writer hears nobody before that is a reason not to be ready.
    static let patience: Duration = .seconds(15)
    /// How long a producer that is gone with events is a reason not to be ready. Then it is gone for good, and only the log
    /// and the database know.
    static let longestAlarm: Duration = .seconds(86_400)
    private static let mostNames = 3

    let health: Health
    let logger: Logger
    private var heardSomebodyAt: ContinuousClock.Instant?
    private var unheard: [String: UnheardProducer] = [:]
    private var elsewhere: Set<String> = []
    private var refused: Set<String> = []

    init(health: Health, logger: Logger) {
        self.health = health
        self.logger = logger
    }

    /// Compares with what was told before.
    /// - Parameters:
    ///   - ownership: What the database says.
    ///   - reach: What this writer's follower says.
    ///   - time: The time of day.
    ///   - now: The same as an instant.
    mutating func report(_ ownership: Ownership, _ reach: BusReach, at time: Timestamp, now: ContinuousClock.Instant) {
        reportBus(reach, now: now)
        reportShare(ownership)
        tellUnheard(ownership)
        tellElsewhere(ownership)
        tellRefused(ownership)
        let missing = ownership.unheard.filter { $0.waitingPartitions > 0 && !Self.isGone($0, at: time) }
        let reasons = missing.map(Self.reason) + ownership.refused.values.sorted() + reach.refusals
        let more = reasons.count > Self.mostNames ? "; and \(reasons.count - Self.mostNames) more" : ""
        health.report(
            "producers",
            reason: reasons.isEmpty ? nil : reasons.prefix(Self.mostNames).joined(separator: "; ") + more
        )
    }

    private mutating func reportBus(_ reach: BusReach, now: ContinuousClock.Instant) {
        if !reach.heard.isEmpty {
            heardSomebodyAt = now
            health.report("bus", reason: nil)
        } else if let last = heardSomebodyAt, now - last >= Self.patience {
            health.report(
                "bus",
                reason: "no producer is heard any more; look whether they run, at IRC_GATEWAY_BUS and at the network"
            )
        }
    }

    private func reportShare(_ ownership: Ownership) {
        let isIdle = ownership.partitions.isEmpty && ownership.producers.values.allSatisfy(\.isEmpty)
        health.report(
            "partitions",
            reason: isIdle ? "standby: other writers have all partitions" : nil,
            detail: ownership.elsewhere.isEmpty
                ? nil : "other writers hear, and write for this one: \(Self.names(ownership.elsewhere))"
        )
    }

    private mutating func tellUnheard(_ ownership: Ownership) {
        let found = Dictionary(ownership.unheard.map { ($0.producer, $0) }) { $1 }
        for (name, producer) in found.sorted(by: { $0.key < $1.key }) where unheard[name] == nil {
            logger.warning(
                "no writer hears a producer",
                metadata: .keyed([.producer: "\(name)", .reason: "\(Self.reason(producer))"])
            )
        }
        for name in unheard.keys.sorted() where found[name] == nil {
            logger.notice("a producer is heard again", metadata: .keyed([.producer: "\(name)"]))
        }
        unheard = found
    }

    private mutating func tellElsewhere(_ ownership: Ownership) {
        for name in ownership.elsewhere.subtracting(elsewhere).sorted() {
            logger.notice(
                "another writer hears a producer that this one does not; it writes that producer's events",
                metadata: .keyed([.producer: "\(name)"])
            )
        }
        elsewhere = ownership.elsewhere
    }

    private mutating func tellRefused(_ ownership: Ownership) {
        for (name, reason) in ownership.refused.sorted(by: { $0.key < $1.key }) where !refused.contains(name) {
            logger.error(
                "a producer is not written",
                metadata: .keyed([.producer: "\(name)", .reason: "\(reason)"])
            )
        }
        refused = Set(ownership.refused.keys)
    }

    private static func isGone(_ producer: UnheardProducer, at time: Timestamp) -> Bool {
        time.rawValue - producer.since.rawValue >= Int64(longestAlarm / .milliseconds(1))
    }

    private static func reason(_ producer: UnheardProducer) -> String {
        var text = "no writer hears \(producer.service) \(producer.producer) since \(producer.since)"
        if producer.waitingPartitions > 0 {
            let count = producer.waitingEvents.map { "at most \($0) events wait" } ?? "events wait"
            text += ", \(count) in \(producer.waitingPartitions) partitions"
        }
        let variable = producer.service == "stream-poller" ? "STREAM_POLLER_BUS" : "IRC_GATEWAY_BUS"
        return text + ": start it, or look at \(variable) and the network"
    }

    private static func names(_ producers: Set<String>) -> String {
        let shown = producers.sorted().prefix(mostNames).joined(separator: ", ")
        return producers.count > mostNames ? "\(shown) and \(producers.count - mostNames) more" : shown
    }
}
