import Protocol

/// Now, twice: intervals are measured on a clock that nobody sets, times of day are for files and messages.
struct Moment: Sendable {
    var instant: ContinuousClock.Instant
    var time: Timestamp

    /// The machine's clocks.
    static var now: Moment { Moment(instant: .now, time: WallClock.system.now()) }

    /// The time of day of an instant, as far as the machine's clock is right. What lies beyond the years 0 to 9999 is the
    /// nearest moment that has a text.
    func time(of instant: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = (instant - self.instant).components
        let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, alsoOverflows) = milliseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        let (time, stillOverflows) = sum.addingReportingOverflow(self.time.rawValue)
        guard !overflows, !alsoOverflows, !stillOverflows else { return seconds < 0 ? Self.first : Self.last }
        return min(max(Timestamp(rawValue: time), Self.first), Self.last)
    }

    /// How far the wall clock was set since an earlier moment; zero while both clocks run alike.
    func step(since earlier: Moment) -> Duration {
        let byWall = Duration.milliseconds(self.time.rawValue - earlier.time.rawValue)
        return byWall - (self.instant - earlier.instant)
    }

    private static let first = Timestamp(rawValue: -62_167_219_200_000)
    private static let last = Timestamp(rawValue: 253_402_300_799_999)
}
