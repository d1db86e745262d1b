import Protocol

/// Now, twice: intervals are measured on a clock that nobody sets, times of day are for files and messages.
struct Moment: Sendable {
    var instant: ContinuousClock.Instant
    var time: Timestamp

    /// The machine's clocks.
    static var now: Moment { Moment(instant: .now, time: WallClock.system.now()) }

    /// The instant of a time of day, as far as the machine's clock is right.
    func instant(of time: Timestamp) -> ContinuousClock.Instant {
        self.instant + .milliseconds(time.rawValue - self.time.rawValue)
    }

    /// The time of day of an instant.
    func time(of instant: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = (instant - self.instant).components
        return Timestamp(rawValue: self.time.rawValue + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
