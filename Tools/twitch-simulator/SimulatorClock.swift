import Foundation
import NIOCore

/// The simulator's two clocks; a test injects its own.
struct SimulatorClock: Sendable {
    /// Nanoseconds of a clock that never jumps: pacing and sliding windows.
    var uptime: @Sendable () -> Int64
    /// Unix time in milliseconds: `tmi-sent-ts`.
    var unixMilliseconds: @Sendable () -> Int64

    /// The machine's clocks.
    static let system = SimulatorClock(
        uptime: { Int64(NIODeadline.now().uptimeNanoseconds) },
        unixMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) }
    )
}
