import Protocol
import TestSupport

@testable import EventBus
@testable import writer

/// One step with faults, drawn by weight.
extension ProtocolSimulation {
    func step() throws {
        clock.advance(by: .milliseconds(random.below(300)))
        resume()
        guard !producers.isEmpty, let producer = pick(producers) else { return }
        switch random.below(100) {
        case 0..<40: accept(producer)
        case 40..<50: publish(producer)
        case 50..<65: beat(producer)
        case 65..<69: prune(producer)
        case 69..<72: if let writer = pick(writers) { writer.follower.giveUp(producer.name) }
        case 72..<74: if let writer = pick(writers) { writer.follower.disconnect(producer.name, &random) }
        case 74..<78: stop(producer)
        case 78..<82: database.arrive(&random)
        case 82..<86: disturbDatabase()
        case 86..<90: try disturbWriters()
        case 90..<92: backups[producer.name] = producer.disk
        case 92..<93: moveClock()
        case 93..<96: producer.sync()
        case 96..<99: cutWay(to: producer)
        case 99..<100: forge(producer)
        default: break
        }
        for writer in writers { work(writer) }
        tally.add(database.takeTally())
    }

    /// What a writer and its connections come to within a step: sometimes much, sometimes nothing.
    private func work(_ writer: SimulatedWriter) {
        if random.below(3) > 0 { turn(writer) }
        for producer in producers where random.below(3) > 0 {
            writer.follower.serve(
                producer,
                impostor: impostor(of: producer, before: writer),
                losses: losses,
                &random
            )
        }
        for _ in 0..<random.below(4) {
            work(on: writer, isCalm: false)
            if random.below(4) > 0 { answer(writer) }
        }
    }

    private func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[random.below(elements.count)]
    }

    private func accept(_ producer: SimulatedProducer) {
        guard producer.mode == .running else { return }
        let subjects = (0...random.below(3)).map { _ in random.below(Self.subjects.count) }
        for event in producer.append(subjects) {
            accepted[.init(producer: producer.name, offset: event.offset)] = (event.partition, .kept)
            tally.note(.accepted)
        }
        if random.below(3) > 0 { publish(producer) }
    }

    private func prune(_ producer: SimulatedProducer) {
        guard producer.serves else { return }
        let pruned = producer.prune()
        tally.note(.pruned, pruned.segments)
        tally.note(.capped, pruned.forced.count)
        for offset in pruned.forced { accepted[.init(producer: producer.name, offset: offset)]?.fortune = .capped }
    }

    /// The files know nothing of what they held before.
    private func noteForgotten(by producer: SimulatedProducer) {
        let heads = producer.disk.heads
        for (row, event) in accepted where row.producer == producer.name && row.offset > heads[event.partition] {
            accepted[row]?.fortune = .unsynced
        }
    }

    // MARK: Producers

    private func stop(_ producer: SimulatedProducer) {
        // Epochs count seconds: what is promised is promised to starts that are a second apart.
        guard producer.serves, producer.startedAt.map({ clock.elapsed - $0 > .milliseconds(1100) }) ?? true else {
            return
        }
        switch random.below(6) {
        case 0:
            producer.losePower(keepsNotedHeads: random.below(2) == 0)
            noteForgotten(by: producer)
            tally.note(.powerLost)
        case 1 where !movesClocks && !forges:
            guard let backup = backups[producer.name] else { return }
            producer.restore(backup)
            noteForgotten(by: producer)
            tally.note(.restored)
        default:
            producer.kill()
            tally.note(.producerKilled)
        }
        for writer in writers { writer.follower.disconnect(producer.name, &random) }
    }

    /// What has ended begins again after a while: as itself, or served by another process first.
    private func resume() {
        for producer in producers where producer.mode != .running && random.below(12) == 0 {
            guard random.below(3) > 0 || producer.mode == .adopted else {
                producer.adopt()
                tally.note(.adopted)
                continue
            }
            producer.start()
        }
        for writer in writers where writer.isPaused && writer.pausedUntil <= clock.elapsed { writer.isPaused = false }
        for (writer, speakers) in impostors {
            impostors[writer] = speakers.filter { $0.value.until > clock.elapsed }
        }
        if database.isDown, random.below(15) == 0 { database.isDown = false }
    }

    // MARK: Ways and voices

    /// One writer does not hear one producer any more, or hears it again.
    private func cutWay(to producer: SimulatedProducer) {
        let cut = writers.filter { $0.follower.isCut(producer.name) }
        guard let writer = pick(random.below(2) == 0 && !cut.isEmpty ? cut : writers) else { return }
        let isCut = !writer.follower.isCut(producer.name)
        writer.follower.cut(producer.name, isCut)
        if isCut { tally.note(.wayCut) }
    }

    /// Somebody speaks for the producer: one frame, or in its place for a while.
    private func forge(_ producer: SimulatedProducer) {
        guard forges, let writer = pick(writers), let draft = pick(drafts) else { return }
        tally.note(.forged)
        let kind = random.below(4)
        // The last second of the world, a day that may be, the present run.
        let epoch = kind == 0 ? UInt32.max - 1 : kind == 1 ? producer.epoch + 500 : producer.epoch
        let impostor = SimulatedImpostor(
            name: producer.name,
            epoch: epoch,
            draft: draft,
            until: clock.elapsed + .milliseconds(random.below(6000))
        )
        if kind < 2, random.below(2) == 0 {
            forged.insert(.init(producer: producer.name, offset: impostor.offset))
            impostors[ObjectIdentifier(writer), default: [:]][producer.name] = impostor
        } else {
            let offset = Offset(epoch: epoch, sequence: UInt32.max - 1 - UInt32(random.below(100)))
            forged.insert(.init(producer: producer.name, offset: offset))
            writer.follower.publish(.event(impostor.frame(at: offset)), from: producer.name, losses: 0, &random)
            writer.follower.publish(
                .heartbeat(epoch: epoch, heads: [Partition.of(draft.subject): offset]),
                from: producer.name,
                losses: 0,
                &random
            )
        }
    }

    private func moveClock() {
        guard movesClocks, !forges else { return }
        clock.move(by: .seconds(random.below(2) == 0 ? 3600 : -3600))
        tally.note(.clockMoved)
    }

    // MARK: The database and its writers

    private func disturbDatabase() {
        switch random.below(5) {
        case 0:
            database.failOver(losingAtMost: Self.failoverWindow, &random)
            for writer in writers { cut(writer) }
        case 1:
            database.isDown = true
            tally.note(.databaseDown)
            for writer in writers { cut(writer) }
        case 2:
            if let session = pick(database.openSessions) { database.loseLocks(of: session) }
        default:
            if let writer = pick(writers) { cut(writer) }
        }
    }

    private func disturbWriters() throws {
        switch random.below(4) {
        case 0 where !writers.isEmpty:
            removeWriter(random.below(writers.count))
            tally.note(.writerKilled)
        case 1:
            guard let writer = pick(writers) else { return }
            writer.isPaused = true
            writer.pausedUntil = clock.elapsed + .milliseconds(random.below(8000))
            // The server frees a silent session's locks; the writer does not know.
            if random.below(2) == 0, let session = writer.store.session { database.end(session) }
            tally.note(.writerPaused)
        default:
            guard writers.count < 4 else { return }
            try addWriter()
            tally.note(.writerAdded)
        }
    }
}
