import EventBus
import Protocol
import Testing

/// The guarantee itself, against every order of faults that a seed can think of.
struct FollowerSimulationTests {
    @Test func `whatever is lost on the way, every event is delivered once and in order, or reported as truncated`() {
        var delivered = 0
        var holes = 0
        var live = 0
        for seed in 0..<3000 as Range<UInt64> {
            var simulation = FollowerSimulation(seed: seed, recovery: .fetch)
            for _ in 0..<300 { simulation.step() }
            #expect(simulation.settle() == true, "seed \(seed) never catches up")
            #expect(simulation.isExact(holesAllowed: simulation.pruned > 0), "seed \(seed) is not exact")
            live += simulation.deliveredLive
            for entry in simulation.log.values.joined() {
                if case .event = entry { delivered += 1 } else { holes += 1 }
            }
        }
        #expect(delivered > 100_000, "the simulation has become idle")
        #expect(live > 30_000, "the simulation hardly ever delivers live")
        #expect(holes > 100, "the simulation never prunes what is missing")
    }

    @Test func `a follower that only reports accounts for every event as delivered or missed`() {
        var missed = 0
        for seed in 0..<1000 as Range<UInt64> {
            var simulation = FollowerSimulation(seed: seed, recovery: .report)
            for _ in 0..<300 { simulation.step() }
            #expect(simulation.settle() == true, "seed \(seed) never gets to the head")
            #expect(simulation.isExact(holesAllowed: true), "seed \(seed) is not exact")
            #expect(simulation.requests.isEmpty, "seed \(seed) fetched")
            for case .hole in simulation.log.values.joined() { missed += 1 }
        }
        #expect(missed > 1000)
    }
}
