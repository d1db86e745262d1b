import Protocol
import Synchronization

/// Knows the holes that a history service is still to be asked about, and the channels that it is to know of.
///
/// A history service records only rooms that somebody has asked for lately: each channel is asked for before there is a
/// hole, and again from time to time.
final class HoleBook: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What to do next.
    enum Errand: Hashable, Sendable {
        case fill(Hole)
        /// Ask for a channel so that the service records it.
        case remind(login: String)
    }

    private struct Channel {
        var roomID = ""
        /// How many connections listen to it.
        var listeners = 0
        var lastHeard: Hole.Landmark?
        /// Since when nobody listens, and what was heard last.
        var ended: (at: Timestamp, before: Hole.Landmark?)?
        /// One of its holes has no message behind it yet.
        var awaitsMessage = false
        /// When to remind the service of it; nil while nobody listens.
        var reminderAt: Instant?

        /// True when a hole waits for this message.
        mutating func hear(_ message: Hole.Landmark) -> Bool {
            defer { awaitsMessage = false }
            lastHeard = message
            return awaitsMessage
        }

        mutating func end(because reason: StopReason, at time: Timestamp) {
            // A crash is told of all that it may have left open, of what had ended before as well.
            if ended == nil { ended = (time, lastHeard) }
            // Nobody misses what is said while the channel is not wanted.
            if reason == .removed { (ended, reminderAt) = (nil, nil) }
        }
    }

    private struct State {
        var channels: [String: Channel] = [:]
        var holes: [Hole] = []
        var number = 0
    }

    private let timing: BackfillTiming
    private let state = Mutex(State())

    init(timing: BackfillTiming = .init()) {
        self.timing = timing
    }

    /// A message of a channel was heard from Twitch. Called for each, so it costs one look-up.
    func heard(_ message: Hole.Landmark, in login: String) {
        state.withLock { state in
            guard state.channels[login, default: Channel()].hear(message) else { return }
            for index in state.holes.indices where state.holes[index].login == login && state.holes[index].after == nil
            {
                state.holes[index].after = message
            }
        }
    }

    /// Somebody listens to a channel from now on.
    func started(_ login: String, roomID: String, at time: Timestamp, now: Instant = .now) {
        state.withLock { state in
            var channel = state.channels[login] ?? Channel()
            channel.listeners += 1
            if !roomID.isEmpty { channel.roomID = roomID }
            if let ended = channel.ended, channel.listeners == 1, ended.at < time {
                state.number += 1
                state.holes.append(
                    Hole(
                        number: state.number,
                        login: login,
                        roomID: channel.roomID,
                        from: ended.at,
                        through: time,
                        before: ended.before,
                        dueAt: now + timing.firstPause
                    )
                )
                channel.awaitsMessage = true
                // A service that is away for long must not cost ever more memory.
                if state.holes.count > timing.holes { state.holes.removeFirst() }
            }
            channel.ended = nil
            channel.reminderAt = channel.reminderAt ?? now + timing.firstReminder
            state.channels[login] = channel
        }
    }

    /// A connection stopped to listen to a channel; it may be one of an earlier run, whose start nobody remembers.
    func stopped(_ login: String, because reason: StopReason, at time: Timestamp) {
        state.withLock { state in
            var channel = state.channels[login] ?? Channel()
            channel.listeners = max(0, channel.listeners - 1)
            if channel.listeners == 0 { channel.end(because: reason, at: time) }
            state.channels[login] = channel
        }
    }

    /// The machine's clock was set: what is known by the one before moves with it.
    func clockWasSet(byMilliseconds step: Int64) {
        func moved(_ time: Timestamp) -> Timestamp {
            let sum = time.rawValue.addingReportingOverflow(step)
            return sum.overflow ? time : Timestamp(rawValue: sum.partialValue)
        }
        state.withLock { state in
            for login in state.channels.keys {
                guard let ended = state.channels[login]?.ended else { continue }
                state.channels[login]?.ended = (moved(ended.at), ended.before)
            }
            for index in state.holes.indices {
                state.holes[index].from = moved(state.holes[index].from)
                state.holes[index].through = moved(state.holes[index].through)
            }
        }
    }

    /// What is due; nothing while nothing is. The same is told again until it is `asked`, `filled` or `postponed`.
    func next(at now: Instant) -> Errand? {
        state.withLock { state in
            if let hole = state.holes.filter({ $0.dueAt <= now }).min(by: { $0.dueAt < $1.dueAt }) {
                return .fill(hole)
            }
            let due = state.channels.filter { $0.value.listeners > 0 && $0.value.reminderAt.map { $0 <= now } ?? false }
            return due.min { ($0.value.reminderAt ?? now, $0.key) < ($1.value.reminderAt ?? now, $1.key) }
                .map { .remind(login: $0.key) }
        }
    }

    /// The service was asked for a channel, and knows it for some time.
    func asked(_ login: String, at now: Instant) {
        state.withLock { $0.channels[login]?.reminderAt = now + timing.reminder }
    }

    /// The service could not be asked for a channel: others come first.
    func postponed(reminderOf login: String, until dueAt: Instant) {
        state.withLock { $0.channels[login]?.reminderAt = dueAt }
    }

    /// Nothing more is to be done about a hole.
    func filled(_ hole: Hole) { filled(hole.login, from: hole.from) }

    /// The same for a hole of an earlier run.
    func filled(_ login: String, from: Timestamp) {
        state.withLock { $0.holes.removeAll { $0.login == login && $0.from == from } }
    }

    /// Nobody remembers what was said before this.
    func forget(before time: Timestamp) {
        state.withLock { $0.holes.removeAll { $0.through < time } }
    }

    /// A hole is to be looked at again.
    func postponed(_ hole: Hole, published: Int, until dueAt: Instant) {
        state.withLock { state in
            guard let index = state.holes.firstIndex(where: { $0.number == hole.number }) else { return }
            state.holes[index].attempts += 1
            state.holes[index].published += published
            state.holes[index].dueAt = dueAt
        }
    }

    /// How many holes wait.
    var waiting: Int { state.withLock { $0.holes.count } }
}
