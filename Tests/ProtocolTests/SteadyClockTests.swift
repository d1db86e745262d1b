import Protocol
import Synchronization
import Testing

@Suite struct SteadyClockTests {
    /// A machine whose clock can be set.
    final class Machine: Sendable {
        let start = ContinuousClock.now
        private let state = Mutex((passed: Duration.zero, offset: Int64(1_790_000_000_000)))

        var now: ContinuousClock.Instant { start + state.withLock { $0.passed } }
        func pass(_ duration: Duration) { state.withLock { $0.passed += duration } }
        func set(by milliseconds: Int64) { state.withLock { $0.offset += milliseconds } }
        func show(_ milliseconds: Int64) {
            state.withLock { $0.offset = milliseconds - Int64($0.passed / .milliseconds(1)) }
        }

        var clock: SteadyClock {
            SteadyClock(
                WallClock {
                    Timestamp(rawValue: self.state.withLock { $0.offset + Int64($0.passed / .milliseconds(1)) })
                },
                instant: { self.now }
            )
        }
    }

    let machine = Machine()

    @Test func `it goes with the machine's clock while nobody sets that`() {
        let clock = machine.clock
        for _ in 0..<100 {
            machine.pass(.milliseconds(1234))
            machine.set(by: 1)
        }
        #expect(clock.now() == Timestamp(rawValue: 1_790_000_123_400))
        #expect(clock.takeSteps().isEmpty)
    }

    @Test(arguments: [-7_200_000, 7_200_000, 600, -600] as [Int64])
    func `a step is noticed once, and earlier instants get the time of the clock of now`(step: Int64) {
        let clock = machine.clock
        machine.pass(.seconds(5))
        let instant = machine.now
        #expect(clock.time(of: instant) == Timestamp(rawValue: 1_790_000_005_000))
        machine.pass(.seconds(5))
        machine.set(by: step)
        #expect(clock.now() == Timestamp(rawValue: 1_790_000_010_000 + step))
        #expect(clock.time(of: instant) == Timestamp(rawValue: 1_790_000_005_000 + step))
        let steps = clock.takeSteps()
        #expect(steps.map(\.milliseconds) == [step] && steps.first?.since == machine.start)
        #expect(clock.takeSteps().isEmpty)
    }

    @Test func `steps one after the other are all told`() {
        let clock = machine.clock
        for step in [3_600_000, -3_600_000, 1_000] as [Int64] {
            machine.pass(.seconds(60))
            machine.set(by: step)
            _ = clock.now()
        }
        let steps = clock.takeSteps()
        #expect(steps.map(\.milliseconds) == [3_600_000, -3_600_000, 1_000])
        #expect(steps.map(\.since) == [0, 60, 120].map { machine.start + .seconds($0) })
    }

    @Test(arguments: [0, -1, Int64.max, Int64.min, 253_402_300_800_000]) func `no clock stops it`(shown: Int64) {
        let clock = machine.clock
        machine.pass(.seconds(1))
        machine.show(shown / 2)
        _ = clock.now()
        machine.pass(.seconds(1))
        _ = clock.time(of: machine.now - .seconds(1 << 40))
        _ = clock.time(of: machine.now + .seconds(1 << 40))
        #expect(!clock.takeSteps().isEmpty)
    }
}
