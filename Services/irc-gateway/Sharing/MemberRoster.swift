import EventBus
import FoundationEssentials

/// Who of the neighbours takes part, from one look at their slots to the next. No I/O.
struct MemberRoster: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct Timing: Sendable {
        /// Who ended without notice may be back within this time, in the same slot.
        var absence = Duration.seconds(3)
        /// Who has not beaten for this long is stopped, and reads nothing.
        var silence = Duration.seconds(10)
        /// Who was stopped and goes on has to beat for this long: by then it has noticed which connections it lost.
        var recovery = Duration.seconds(5)
    }

    private struct Entry {
        var report = GatewayMember.Report(wanted: [], joined: [])
        var words: Data?
        var beat: Int64
        var beatenAt: Instant
        var heldAt: Instant
        var isSilent = false
        /// Since when it beats again after a silence.
        var backSince: Instant?
    }

    private let timing: Timing
    private var entries: [String: Entry] = [:]

    init(timing: Timing = .init()) {
        self.timing = timing
    }

    /// Takes a look in, and tells who takes part, by name.
    mutating func update(_ neighbours: [SlotNeighbour], at now: Instant) -> [GatewayMember] {
        let seen = Set(neighbours.map(\.producer))
        // Whose sign of presence is gone has left in good order.
        entries = entries.filter { seen.contains($0.key) }
        for neighbour in neighbours {
            // One that was never seen alive does not come back either.
            guard
                var entry = entries[neighbour.producer]
                    ?? (neighbour.isHeld ? Entry(beat: neighbour.beat, beatenAt: now, heldAt: now) : nil)
            else { continue }
            if neighbour.isHeld { entry.heldAt = now }
            note(neighbour.beat, in: &entry, at: now)
            hear(neighbour.words, in: &entry)
            entries[neighbour.producer] = entry
        }
        entries = entries.filter { now - $0.value.heldAt < timing.absence }
        return entries.filter { !$0.value.isSilent }.sorted { $0.key < $1.key }
            .map { GatewayMember(name: $0.key, report: $0.value.report) }
    }

    private func note(_ beat: Int64, in entry: inout Entry, at now: Instant) {
        guard beat != entry.beat else {
            guard now - entry.beatenAt >= timing.silence else { return }
            entry.isSilent = true
            entry.backSince = nil
            return
        }
        entry.beat = beat
        entry.beatenAt = now
        guard entry.isSilent else { return }
        let since = entry.backSince ?? now
        entry.backSince = since
        entry.isSilent = now - since < timing.recovery
    }

    /// A process that has just come back has not spoken yet: it wants what it wanted, and listens to nothing.
    private func hear(_ words: Data?, in entry: inout Entry) {
        guard let words else {
            entry.words = nil
            entry.report.joined = []
            return
        }
        guard words != entry.words else { return }
        entry.words = words
        guard let report = try? JSONDecoder().decode(GatewayMember.Report.self, from: words) else { return }
        entry.report = report
    }
}
