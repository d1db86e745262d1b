import EventBus
import Protocol
import Synchronization

@testable import writer

/// A bus in memory: journals that are delivered from where the writer asks, as a follower does it.
final class MemorySource: EventSource {
    fileprivate struct State {
        var journals: [String: [ReceivedEvent]] = [:]
        /// The next index of each producer that is followed.
        var positions: [String: Int] = [:]
        /// Told when a producer is followed from before their end, ahead of its events.
        var truncations: [String: (after: Offset, through: Offset)] = [:]
        /// Delivered before anything else.
        var announcements: [BusEvent] = []
        var acknowledged: [String: [Int: Offset]] = [:]
        /// Whose journals are kept for another database.
        var refusing: Set<String> = []
        /// What was answered last.
        var answers: [String: Bool] = [:]
        var follows = 0
        /// Only these partitions of a producer are delivered.
        var selected: [String: Set<Int>] = [:]
        /// Who is heard.
        var heard: [HeardProducer] = []
        var delivered = 0
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Adds envelopes to their producer's journal.
    func append(_ envelopes: [Envelope]) {
        append(envelopes.map { ReceivedEvent($0) })
    }

    func append(_ events: [ReceivedEvent]) {
        state.withLock { state in
            for event in events { state.journals[event.producer, default: []].append(event) }
        }
    }

    func announce(_ event: BusEvent) {
        state.withLock { state in
            state.announcements.append(event)
            if case .producer(let hello) = event { state.answers[hello.producer] = nil }
        }
    }

    /// Whether this producer's journal is kept for another database.
    func refuse(_ producer: String, _ isRefusing: Bool = true) {
        state.withLock { state in
            if isRefusing { state.refusing.insert(producer) } else { state.refusing.remove(producer) }
        }
    }

    func announce(_ producer: String) {
        hear(producer)
        announce(.producer(ProducerHello(service: "irc-gateway", producer: producer, epoch: 1, partitions: 32)))
    }

    /// From now on the producer is heard, with these heads.
    func hear(_ producer: String, heads: [Int: Offset] = [:]) {
        state.withLock { state in
            state.heard.removeAll { $0.producer == producer }
            state.heard.append(HeardProducer(producer: producer, service: "irc-gateway", heads: heads))
        }
    }

    func hearNobody() { state.withLock { $0.heard = [] } }

    var reach: BusReach { state.withLock { BusReach(heard: $0.heard, refusals: []) } }

    /// The journal no longer has these events of partition 7.
    func truncate(_ producer: String, after: Offset, through: Offset) {
        state.withLock {
            $0.truncations[producer] = (after, through)
        }
    }

    /// After this, `next` ends once everything is delivered.
    func stop() {
        state.withLock { $0.isStopped = true }
    }

    var acknowledged: [String: [Int: Offset]] { state.withLock { $0.acknowledged } }
    var follows: Int { state.withLock { $0.follows } }
    var delivered: Int { state.withLock { $0.delivered } }

    func next(_ limit: Int, within wait: Duration) async -> [BusEvent]? {
        let found = state.withLock { $0.deliver(limit) }
        if let found, !found.isEmpty { return found }
        if found == nil { return nil }
        try? await Task.sleep(for: min(wait, .milliseconds(2)))
        return state.withLock { $0.deliver(limit) }
    }

    func follow(_ producer: String, from start: EventFollower.Start, partitions: Set<Int>?) async {
        state.withLock { state in
            state.follows += 1
            state.selected[producer] = partitions
            guard case .after(let offsets) = start else { return }
            let journal = state.journals[producer] ?? []
            if let (after, through) = state.truncations[producer], offsets[7] ?? .zero < through {
                state.announcements.append(
                    .truncated(producer: producer, partition: 7, after: after, through: through)
                )
            }
            state.positions[producer] =
                journal.firstIndex { $0.offset > offsets[$0.partition] ?? .zero } ?? journal.count
        }
    }

    func acknowledge(_ producer: String, committed: [Int: Offset], database: String) {
        state.withLock { state in
            let isRefused = state.refusing.contains(producer)
            if state.answers[producer] != !isRefused {
                state.answers[producer] = !isRefused
                state.announcements.append(
                    .acknowledged(producer: producer, refusal: isRefused ? "another database" : nil)
                )
            }
            guard !isRefused else { return }
            // That nothing is stored is said too.
            state.acknowledged[producer, default: [:]].merge(committed.filter { $0.value > .zero }) { $1 }
        }
    }
}

extension MemorySource.State {
    mutating func deliver(_ limit: Int) -> [BusEvent]? {
        guard announcements.isEmpty else { return [announcements.removeFirst()] }
        var events: [BusEvent] = []
        for (producer, position) in positions {
            let journal = journals[producer] ?? []
            let end = min(journal.count, position + limit - events.count)
            let selected = selected[producer]
            events += journal[position..<end].filter { selected?.contains($0.partition) ?? true }.map { .event($0) }
            positions[producer] = end
        }
        delivered += events.count
        return events.isEmpty && isStopped ? nil : events
    }
}

extension ReceivedEvent {
    /// What a follower makes of an envelope.
    init(_ envelope: Envelope) {
        let topic = Array("chat.p07.quietharbor.\(envelope.event.type.rawValue)\n".utf8)
        self.init(
            producer: envelope.producer,
            partition: envelope.partition,
            offset: envelope.offset,
            previous: envelope.previous,
            frame: topic + EventCodec.encode(envelope),
            jsonStart: topic.count
        )
    }
}
