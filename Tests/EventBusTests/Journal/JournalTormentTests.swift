import Foundation
import Logging
import Protocol
import TestSupport
import Testing

@testable import EventBus

/// Random bytes changed and files cut short: whatever cannot be read is told as lost, and never silently.
struct JournalTormentTests {
    /// `JOURNAL_DAMAGES=200` tries more of them.
    private static let rounds = ProcessInfo.processInfo.environment["JOURNAL_DAMAGES"].flatMap(Int.init) ?? 40

    @Test func `no damage to a journal's files loses anything silently`() throws {
        var outcomes: [Outcome: Int] = [:]
        for seed in 1...Self.rounds {
            outcomes[try Torment(seed: UInt64(seed)).run(), default: 0] += 1
        }
        if Self.rounds > 40 { print("journal damages:", outcomes.map { "\($0.value) \($0.key)" }.sorted()) }
        #expect(outcomes[.unharmed, default: 0] > 0)
        #expect(outcomes[.reportedAsLost, default: 0] > 0)
    }
}

private enum Outcome: Hashable { case unharmed, reportedAsLost, refusedToOpen }

/// One journal, one damage.
private struct Torment {
    let seed: UInt64
    private var dice: SeededGenerator
    private let fixture: JournalFixture
    private let logins = ["alice", "bob", "carol", "dave", "erin"]

    init(seed: UInt64) throws {
        self.seed = seed
        dice = SeededGenerator(seed: seed)
        fixture = try JournalFixture()
    }

    consuming func run() throws -> Outcome {
        let small = JournalConfiguration(
            sync: .normal,
            segmentBytes: [2_000, 20_000, 1 << 20].randomElement(using: &dice) ?? 0
        )
        let slot = try fixture.claim()
        let journal = try fixture.open(slot, small)
        var accepted: [JournalEvent] = []
        for batch in 0..<Int.random(in: 1...40, using: &dice) {
            let drafts = (0..<Int.random(in: 1...4, using: &dice)).map { _ in
                draft(
                    logins.randomElement(using: &dice) ?? alice,
                    "batch \(batch)",
                    bytes: Int.random(in: 10...900, using: &dice)
                )
            }
            accepted += try journal.append(drafts)
        }
        journal.sealing.sync {}
        // Either it was stopped, or this is what kill -9 leaves.
        var copy = fixture.root
        var directory = slot.directory
        if Bool.random(using: &dice) {
            (copy, directory) = try fixture.crash(journal)
        }
        journal.close()
        slot.close()
        let damage = try damageOneFile(in: directory)
        return try check(accepted, in: copy, small, damage)
    }

    private mutating func damageOneFile(in directory: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0 != "lock" }.sorted()
        let name = try #require(names.randomElement(using: &dice))
        let url = URL(fileURLWithPath: "\(directory)/\(name)")
        var content = try Data(contentsOf: url)
        guard !content.isEmpty else { return "\(name) is empty" }
        if Int.random(in: 0..<3, using: &dice) == 0 {
            let length = Int.random(in: 0..<content.count, using: &dice)
            try content.prefix(length).write(to: url)
            return "\(name) cut to \(length) of \(content.count) bytes"
        }
        let bit = Int.random(in: 0..<content.count * 8, using: &dice)
        content[bit / 8] ^= 1 << UInt8(bit % 8)
        try content.write(to: url)
        return "\(name) with bit \(bit) flipped"
    }

    private mutating func check(
        _ accepted: [JournalEvent],
        in stateDirectory: String,
        _ configuration: JournalConfiguration,
        _ damage: String
    ) throws -> Outcome {
        let comment = Comment(rawValue: "seed \(seed): \(damage)")
        let journal: Journal
        let slot: JournalSlot
        do throws(JournalError) {
            slot = try JournalSlot.claim(stateDirectory: stateDirectory, service: "irc-gateway", prefix: "gw")
            do throws(JournalError) {
                journal = try Journal(
                    slot: slot,
                    configuration: configuration,
                    now: { [fixture] in fixture.now },
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
            } catch {
                slot.close()
                throw error
            }
        } catch {
            #expect(error.reason.contains("move the") || error.reason.contains("use the version"), comment)
            return .refusedToOpen
        }
        defer {
            journal.close()
            slot.close()
        }
        let later = try journal.append([draft(alice, "later"), draft("frank", "later"), draft("bob", "later")])
        #expect(later.allSatisfy { new in accepted.allSatisfy { $0.offset < new.offset } }, comment)
        // A database that has nothing, and one that has committed some of it.
        let committed = accepted.prefix(Int.random(in: 0...accepted.count, using: &dice))
        let some = committed.reduce(into: everything) { $0[$1.partition] = $1.offset }
        var hasLost = false
        for cursors in [everything, some] {
            let page = try journal.readAll(after: cursors)
            for event in accepted + later where event.offset > cursors[event.partition] ?? .zero {
                let isTold = page.truncated.contains {
                    $0.partition == event.partition && $0.after < event.offset && event.offset <= $0.through
                }
                let isThere = page.events.contains(event)
                #expect(isThere || isTold, comment)
                hasLost = hasLost || !isThere
            }
            let known = accepted + later
            #expect(page.events.allSatisfy { known.contains($0) }, comment)
        }
        return hasLost ? .reportedAsLost : .unharmed
    }
}
