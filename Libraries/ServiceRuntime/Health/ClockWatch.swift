import Logging
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks after the machine's clock: tells when it is set, and that the service is not ready while what it shows cannot be.
struct ClockWatch: Service {
    let health: Health
    let logger: Logger
    /// Milliseconds since 1970.
    var wall: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    /// Between two looks.
    var interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var observation = ClockObservation()
            while !Task.isCancelled {
                look(&observation, at: .now)
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// One look; tells what is new.
    func look(_ observation: inout ClockObservation, at now: ContinuousClock.Instant) {
        let shown = wall()
        if let step = observation.step(shown, at: now) {
            logger.warning(
                "the clock of this machine was set",
                metadata: .keyed([.reason: "it shows \(Self.seconds(step)) s \(step > 0 ? "more" : "less") than before"]
                )
            )
        }
        guard let obstacle = observation.change(shown) else { return }
        health.report("clock", reason: obstacle.reason)
        if let reason = obstacle.reason {
            logger.error(
                "the clock of this machine shows an impossible time; what is stored meanwhile has wrong times",
                metadata: .keyed([.reason: "\(reason)"])
            )
        } else {
            logger.notice("the clock of this machine shows a possible time again")
        }
    }

    /// With one decimal: `7200.0`.
    private static func seconds(_ milliseconds: Int64) -> String {
        let tenths = milliseconds.magnitude / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// What the clock shows from one look to the next. No I/O.
struct ClockObservation: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Less is a hesitation between two readings, in milliseconds.
    private static let tolerance: Int64 = 500

    private var last: (shown: Int64, at: Instant)?
    private var wasPossible = true

    /// By how many milliseconds the clock was set since the last look; nil when it was not.
    mutating func step(_ shown: Int64, at now: Instant) -> Int64? {
        defer { last = (shown, now) }
        guard let last else { return nil }
        let passed = (now - last.at) / .milliseconds(1)
        let difference = Double(shown) - Double(last.shown) - passed
        return abs(difference) > Double(Self.tolerance) && abs(difference) < 1e17 ? Int64(difference) : nil
    }

    /// Whether the clock became impossible or possible; nil while nothing has changed.
    mutating func change(_ shown: Int64) -> (reason: String?, Void)? {
        let reason = PossibleTime.obstacle(shown)
        guard (reason == nil) != wasPossible else { return nil }
        wasPossible = reason == nil
        return (reason, ())
    }
}

/// What a clock can show while this program runs.
package enum PossibleTime {
    /// 2025, when there was no such program yet, to 2100; milliseconds since 1970.
    static let range: ClosedRange<Int64> = 1_735_689_600_000...4_102_444_799_999

    /// Why what a clock shows, in milliseconds since 1970, cannot be, in one line with what to do; nil when it can.
    package static func obstacle(_ milliseconds: Int64 = Int64(Date().timeIntervalSince1970 * 1000)) -> String? {
        guard !range.contains(milliseconds) else { return nil }
        let seconds = Double(max(-62_135_596_800_000, min(milliseconds, 253_402_300_799_000)) / 1000)
        let shown = Date(timeIntervalSince1970: seconds).formatted(.iso8601)
        return "the clock of this machine shows \(shown), which cannot be; set it (timedatectl set-ntp true)"
    }
}
