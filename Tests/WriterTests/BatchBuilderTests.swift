import EventBus
import EventStore
import Protocol
import TestSupport
import Testing

@testable import writer

@Suite struct BatchBuilderTests {
    private static let limits = BatchBuilder.Limits(rows: 4, bytes: 1 << 20)

    @Test func `a batch moves each partition from its cursor to its last event, and the next continues there`() throws {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [:])
        let messages = events.messages(6)
        for message in messages[..<4] { #expect(builder.add(ReceivedEvent(message)) == .added) }
        #expect(builder.isFull)
        let first = builder.take()
        #expect(first.advances == [advance(events, .zero, messages[3].offset)])
        #expect(first.storeBatch.events == Array(messages[..<4]))
        for message in messages[4...] { #expect(builder.add(ReceivedEvent(message)) == .added) }
        #expect(builder.take().advances == [advance(events, messages[3].offset, messages[5].offset)])
        #expect(builder.isEmpty)
    }

    @Test func `what comes twice, or from a producer that is not followed, is left out`() {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: Self.limits)
        let message = ReceivedEvent(events.messages(1)[0])
        #expect(builder.add(message) == .stale)
        builder.begin(events.producer, at: [7: message.offset])
        #expect(builder.add(message) == .stale)
        #expect(builder.isEmpty)
    }

    @Test func `a hole is seen, also before the first event of a database`() {
        var events = ConformanceEvents()
        let messages = events.messages(3).map { ReceivedEvent($0) }
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [7: messages[0].offset])
        #expect(builder.add(messages[2]) == .discontinuous)
        #expect(builder.isEmpty)
        // What the journal no longer has is told as a gap; an event alone proves nothing about those before it.
        builder.begin(events.producer, at: [:])
        #expect(builder.add(messages[2]) == .discontinuous)
        #expect(builder.add(messages[0]) == .added)
    }

    @Test func `beginning a producer again drops what was collected of it, and of nobody else`() {
        var one = ConformanceEvents()
        var two = ConformanceEvents(producer: "gw-other")
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(one.producer, at: [:])
        builder.begin(two.producer, at: [:])
        let kept = two.messages(1)
        for message in one.messages(2) + kept { _ = builder.add(ReceivedEvent(message)) }
        builder.begin(one.producer, at: [:])
        #expect(builder.take().storeBatch.events == kept)
    }

    @Test func `a full batch that waits may grow to eight times as many rows, part by part`() {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: BatchBuilder.Limits(rows: 8, bytes: 1 << 20))
        builder.begin(events.producer, at: [:])
        #expect(builder.room == 8)
        var messages = events.messages(64)[...]
        for message in messages.prefix(8) { _ = builder.add(ReceivedEvent(message)) }
        messages = messages.dropFirst(8)
        #expect(builder.isFull && !builder.isBrimful)
        while !builder.isBrimful {
            #expect(builder.room == 2)
            for message in messages.prefix(builder.room) { _ = builder.add(ReceivedEvent(message)) }
            messages = messages.dropFirst(2)
        }
        #expect(builder.pending.items.count == 64)
        #expect(builder.room == 1)
        _ = builder.take()
        #expect(builder.room == 8 && !builder.isFull)
    }

    @Test func `a batch is full by bytes too`() {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: BatchBuilder.Limits(rows: 1000, bytes: 2000))
        builder.begin(events.producer, at: [:])
        for message in events.messages(2) {
            #expect(!builder.isFull)
            _ = builder.add(ReceivedEvent(message))
        }
        #expect(builder.isFull)
        _ = builder.take()
        #expect(!builder.isFull)
    }

    @Test func `a gap moves the cursor, unless that is behind it already`() {
        var events = ConformanceEvents()
        let messages = events.messages(5)
        let key = PartitionKey(producer: events.producer, partition: 7)
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [7: messages[0].offset])
        let now = ConformanceEvents.time
        let isAdded = builder.addGap(key, after: .zero, through: messages[2].offset, detectedAt: now)
        #expect(isAdded)
        let isAddedAgain = builder.addGap(key, after: .zero, through: messages[2].offset, detectedAt: now)
        #expect(!isAddedAgain)
        #expect(builder.add(ReceivedEvent(messages[3])) == .added)
        let batch = builder.take().storeBatch
        #expect(batch.advances == [advance(events, messages[0].offset, messages[3].offset)])
        #expect(batch.gaps.map(\.after) == [messages[0].offset], "what is stored is not lost")
    }

    @Test func `a journal that was set back is seen by what it no longer knows`() {
        var events = ConformanceEvents()
        let messages = events.messages(3)
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [7: messages[1].offset])
        let next = ReceivedEvent(messages[2])
        #expect(builder.setBack(before: next) == nil)
        let later = Offset(epoch: messages[2].offset.epoch + 5, sequence: 9)
        var restored = next
        restored.offset = later
        #expect(builder.setBack(before: restored) == nil, "its predecessor is the last stored one")
        restored.previous = messages[0].offset
        #expect(builder.setBack(before: restored) == Offset(epoch: later.epoch, sequence: 0))
        builder.begin(events.producer, at: [:])
        #expect(builder.setBack(before: restored) == nil)
    }

    @Test func `halves do what the whole does`() throws {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [:])
        let messages = events.messages(3)
        for message in messages { _ = builder.add(ReceivedEvent(message)) }
        let (first, second) = try #require(builder.take().halves)
        #expect(first.advances == [advance(events, .zero, messages[0].offset)])
        #expect(second.advances == [advance(events, messages[0].offset, messages[2].offset)])
        #expect(first.halves == nil)
    }

    @Test func `the stored offsets tell what became of a batch`() {
        var events = ConformanceEvents()
        var builder = BatchBuilder(limits: Self.limits)
        builder.begin(events.producer, at: [:])
        let messages = events.messages(2)
        for message in messages { _ = builder.add(ReceivedEvent(message)) }
        let batch = builder.take()
        let key = PartitionKey(producer: events.producer, partition: 7)
        #expect(batch.state(in: [:]) == .notStored)
        #expect(batch.state(in: [key: messages[1].offset]) == .stored)
        #expect(batch.state(in: [key: messages[0].offset]) == .overtaken)
    }

    private func advance(_ events: ConformanceEvents, _ base: Offset, _ next: Offset) -> StoreBatch.Advance {
        StoreBatch.Advance(producer: events.producer, partition: events.partition, base: base, next: next)
    }
}
