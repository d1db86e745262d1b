package import FoundationEssentials
package import Protocol

/// What a producer needs to take up its own work where it left off: its journal says what was accepted, a small file
/// beside it says what the producer thought then.
extension EventPublisher {
    /// The last accepted offset of each partition that ever had an event.
    package var acceptedHeads: [Int: Offset] { journal.heads() }

    /// Everything that is retained behind these offsets, in the order in which it was accepted; a partition that is not
    /// named from its oldest event on. Blocks on the disk: for the start, before `run()`.
    package func accepted(after heads: [Int: Offset]) throws(JournalError) -> [Envelope] {
        var cursors = Dictionary(uniqueKeysWithValues: (0..<Partition.count).map { ($0, heads[$0] ?? .zero) })
        var envelopes: [(offset: Offset, envelope: Envelope)] = []
        while true {
            let page = try journal.read(after: cursors, maximumBytes: 4 << 20)
            for gap in page.truncated { cursors[gap.partition] = max(cursors[gap.partition] ?? .zero, gap.through) }
            for event in page.events {
                cursors[event.partition] = event.offset
                // What a newer version wrote is none of our work.
                guard let envelope = try? EventCodec.decode(event.frame[event.jsonStart...]) else { continue }
                envelopes.append((event.offset, envelope))
            }
            if page.complete { break }
        }
        return envelopes.sorted { $0.offset < $1.offset }.map(\.envelope)
    }

    /// Waits until everything that was queued before is accepted; false when it was not within `limit`.
    package func settle(within limit: Duration) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while queuedEvents > 0 {
            guard clock.now < end, (try? await Task.sleep(for: .milliseconds(5))) != nil else { return false }
        }
        return true
    }

    /// The small file `name` in the producer's own directory; nil when there is none. Blocks on the disk.
    package func readState(_ name: String) throws(JournalError) -> Data? {
        try DurableFile.read("\(slotDirectory)/\(name)")
    }

    /// Replaces that file as a whole: a crash or a power failure leaves the old content or the new. Blocks on the disk.
    package func writeState(_ name: String, _ content: Data) throws(JournalError) {
        try DurableFile.replace("\(slotDirectory)/\(name)", with: content, durably: true)
    }
}
