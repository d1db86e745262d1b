import Synchronization

/// The time of day, measured by a clock that nobody sets.
///
/// The wall clock is read once and again beside the monotonic one. When the two no longer agree, it was set: from then on
/// times follow it, and `reading.time(of:)` tells for every earlier instant when it was by the clock of now.
package final class SteadyClock: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What time an instant is, as far as is known now.
    package struct Reading: Hashable, Sendable {
        /// When this was read.
        package var instant: Instant
        /// The time of day then.
        package var time: Timestamp

        private static let longest: Int64 = 400_000_000_000

        /// The time of day at another instant, by the same clock. Never a moment that has no text.
        package func time(of other: Instant) -> Timestamp {
            let (seconds, attoseconds) = (other - instant).components
            // More than ten thousand years have no text on either side.
            let whole = min(max(seconds, -Self.longest), Self.longest) * 1000
            let sum = time.rawValue + whole + attoseconds / 1_000_000_000_000_000
            return Timestamp(
                milliseconds: min(max(sum, Timestamp.textRange.lowerBound), Timestamp.textRange.upperBound)
            )
        }
    }

    /// The wall clock was set.
    package struct Step: Hashable, Sendable {
        /// Since when the clock before had been trusted.
        package var since: Instant
        package var noticedAt: Instant
        /// What was shown then by the clock before.
        package var before: Timestamp
        /// What is shown since.
        package var after: Timestamp

        /// Positive when it was set forward.
        package var milliseconds: Int64 { after.rawValue - before.rawValue }
    }

    /// Less is a hesitation between two readings, or a time service that corrects a clock bit by bit.
    private static let tolerance: Int64 = 500
    /// Two readings that are further apart than this say nothing about each other.
    private static let longestReading = Duration.milliseconds(100)

    private struct State {
        var anchor: Reading
        /// Since when the anchor's clock has been trusted.
        var since: Instant
        /// What was noticed and nobody has taken yet.
        var steps: [Step] = []
    }

    private let wall: WallClock
    private let instant: @Sendable () -> Instant
    private let state: Mutex<State>

    /// - Parameters:
    ///   - wall: May be set at any time.
    ///   - instant: Goes on evenly, also while the machine sleeps.
    package init(_ wall: WallClock = .system, instant: @escaping @Sendable () -> Instant = { .now }) {
        self.wall = wall
        self.instant = instant
        let now = instant()
        state = Mutex(State(anchor: Reading(instant: now, time: Self.bounded(wall.now())), since: now))
    }

    /// What has a text: no difference of two such times overflows.
    private static func bounded(_ time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: min(max(time.rawValue, Timestamp.textRange.lowerBound), Timestamp.textRange.upperBound))
    }

    /// A clock that is never set, whatever it shows: for tests that make time pass.
    package convenience init(trusting wall: WallClock) {
        let start = ContinuousClock.now
        let origin = wall.now()
        self.init(wall) { start + .milliseconds(wall.now().rawValue - origin.rawValue) }
    }

    /// Now.
    package var reading: Reading {
        let before = instant()
        let shown = Self.bounded(wall.now())
        let now = instant()
        return state.withLock { state in
            let expected = state.anchor.time(of: now)
            let isSet = abs(shown.rawValue - expected.rawValue) > Self.tolerance
            // Who was stopped between the two readings would take the stop for a step.
            guard isSet, now - before < Self.longestReading, now >= state.anchor.instant else {
                return Reading(instant: now, time: expected)
            }
            state.steps.append(Step(since: state.since, noticedAt: now, before: expected, after: shown))
            state.anchor = Reading(instant: now, time: shown)
            state.since = now
            return state.anchor
        }
    }

    package func now() -> Timestamp { reading.time }

    /// When an instant was, by the clock of now.
    package func time(of instant: Instant) -> Timestamp { reading.time(of: instant) }

    /// What was noticed since the last call, oldest first. One caller is to act on it.
    package func takeSteps() -> [Step] {
        _ = reading
        return state.withLock { state in
            defer { state.steps = [] }
            return state.steps
        }
    }

    /// The same clock for whoever needs no more than the time.
    package var wallClock: WallClock { WallClock { self.now() } }
}
