import Protocol
import TestSupport

@testable import writer

/// The faults end: within bounded time everything must be where it belongs.
extension ProtocolSimulation {
    /// Whether the database comes to the end of every journal, and stays there, within so many tenths of a second.
    func settle(within rounds: Int) throws -> Bool {
        losses = 0
        database.isDown = false
        while database.hasLateCommits { database.arrive(&random) }
        for producer in producers where producer.mode != .running {
            // Not in the second of its last start.
            clock.advance(by: .milliseconds(1200))
            producer.start()
        }
        for writer in writers { writer.isPaused = false }
        if writers.isEmpty { try addWriter() }
        impostors = [:]
        healWays()
        // Longer than the pause after which a writer compares its offsets.
        var settledFor = 0
        for count in 0..<rounds where settledFor < 40 {
            if count % 20 == 0 { giveUpRequests() }
            round(settledFor > 0 ? .seconds(1) : .milliseconds(100))
            settledFor = isSettled ? settledFor + 1 : 0
        }
        tally.add(database.takeTally())
        return isSettled
    }

    /// Each producer is heard by one writer at least; in half of the seeds by all, otherwise the other ways stay as they are.
    private func healWays() {
        let isWhole = random.below(2) == 0
        for producer in producers {
            let lucky = random.below(writers.count)
            for (index, writer) in writers.enumerated() where isWhole || index == lucky {
                if writer.follower.isCut(producer.name) { writer.follower.cut(producer.name, false) }
            }
        }
    }

    private func round(_ duration: Duration) {
        clock.advance(by: duration)
        for producer in producers {
            publish(producer)
            beat(producer)
        }
        for writer in writers {
            for producer in producers {
                turn(writer)
                writer.follower.serve(producer, impostor: nil, losses: 0, &random)
            }
            for _ in 0..<4 {
                work(on: writer, isCalm: true)
                answer(writer)
            }
        }
    }

    /// What got lost in the storm is not waited for any longer.
    private func giveUpRequests() {
        for writer in writers {
            for producer in producers { writer.follower.giveUp(producer.name) }
        }
    }

    private var isSettled: Bool {
        producers.allSatisfy { producer in
            producer.partitions.allSatisfy { partition, head in
                let stored =
                    database.state.offsets[PartitionKey(producer: producer.name, partition: partition)] ?? .zero
                // Where somebody has forged offsets, a greater one is not good enough.
                return forges ? stored == head || isForged(producer.name, stored) : stored >= head
            }
        }
    }
}
