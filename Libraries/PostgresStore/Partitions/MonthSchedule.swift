import Protocol

/// Which months have a partition of `chat_messages`, and which are to get one: decisions without I/O.
///
/// A month's messages that have no partition, or lie outside the years that Twitch can mean, go to the default
/// partition `chat_messages_other`, so that no message is refused for its time.
struct MonthSchedule: Sendable {
    /// Twitch began in June 2011.
    static let first = Month(year: 2011, month: 1)
    /// How many months beyond the present one are made ahead.
    static let ahead = 2
    /// How far in the future a message may lie and still make a partition.
    static let latest = 13
    /// How long a month whose partition could not be made is left alone.
    static let pause: Duration = .seconds(60)

    private var existing: Set<Month>
    private var failed: [Month: ContinuousClock.Instant] = [:]

    init(existing: Set<Month> = []) {
        self.existing = existing
    }

    /// The present month and those ahead that have no partition.
    func ahead(at now: Timestamp) -> [Month] {
        let present = Month(now)
        return (0...Self.ahead).map(present.advanced(by:)).filter { !existing.contains($0) }
    }

    /// The months of a batch for which a partition is to be made first.
    func missing(_ months: Set<Month>, at now: Timestamp, instant: ContinuousClock.Instant) -> [Month] {
        let latest = Month(now).advanced(by: Self.latest)
        return months.subtracting(existing).filter { month in
            (Self.first...latest).contains(month) && failed[month].map { instant - $0 >= Self.pause } ?? true
        }.sorted()
    }

    mutating func made(_ month: Month) {
        existing.insert(month)
        failed[month] = nil
    }

    mutating func failed(_ month: Month, instant: ContinuousClock.Instant) {
        failed[month] = instant
    }

    /// The moment before which everything is older than `days`, rounded down to a month: whole partitions are dropped.
    static func cutoff(days: Int, now: Timestamp) -> Timestamp {
        Month(Timestamp(milliseconds: now.rawValue - Int64(days) * 86_400_000)).start
    }
}

extension Month {
    /// The name of its partition.
    var partitionName: String {
        let year = "\(year)"
        let padded = String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
        return "chat_messages_\(padded)_\(month < 10 ? "0" : "")\(month)"
    }

    /// The month of a partition that has such a name.
    init?(partitionName: some StringProtocol) {
        let parts = partitionName.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "chat", parts[1] == "messages", let year = Int(parts[2]),
            let month = Int(parts[3]), (1...12).contains(month)
        else { return nil }
        self.init(year: year, month: month)
    }

    /// Its first moment as a literal of SQL.
    var literal: String { "'\(self)-01 00:00:00+00'" }
}
