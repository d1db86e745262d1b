import ArgumentParser
import Protocol

/// The stretch of time that is asked for. It ends now at the latest: nobody has listened to the future.
struct CoverageRange: Hashable, Sendable {
    private static let defaultLength: Int64 = 86_400_000

    var from: Timestamp
    var through: Timestamp

    init(from: TimeArgument?, to: TimeArgument?, now: Timestamp) throws {
        through = min(now, to?.timestamp(at: now) ?? now)
        self.from = from?.timestamp(at: now) ?? Timestamp(rawValue: through.rawValue - Self.defaultLength)
        guard self.from < through else {
            throw ValidationError("--from is \(self.from), which is not before \(through), where the time ends.")
        }
    }

    var milliseconds: Int64 { through.rawValue - from.rawValue }
}
