import Foundation
import Logging
import Protocol
import Synchronization
import Testing

@testable import EventBus

/// A state directory of its own, removed when the test ends, and a clock that only the test moves.
final class JournalFixture: Sendable {
    let root: String
    private let milliseconds = Mutex<Int64>(1_760_000_000_000)

    init() throws {
        root = NSTemporaryDirectory() + "journal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var now: Timestamp { Timestamp(rawValue: milliseconds.withLock { $0 }) }

    func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }

    func claim(_ stateDirectory: String? = nil) throws -> JournalSlot {
        try JournalSlot.claim(stateDirectory: stateDirectory ?? root, service: "irc-gateway", prefix: "gw")
    }

    func open(
        _ slot: JournalSlot? = nil,
        _ configuration: JournalConfiguration = .init(sync: .normal),
        readOnly: Bool = false
    ) throws -> Journal {
        try Journal(
            slot: slot ?? claim(),
            configuration: configuration,
            readOnly: readOnly,
            now: { self.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// What a crash leaves: the files as they are now, in another state directory, while the journal is still open.
    func crash(_ journal: Journal) throws -> (stateDirectory: String, directory: String) {
        let copy = root + "/crashed-\(UUID().uuidString)"
        let directory = copy + "/journal/irc-gateway/slot-0"
        try FileManager.default.createDirectory(
            atPath: copy + "/journal/irc-gateway",
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(atPath: journal.slot.directory, toPath: directory)
        return (copy, directory)
    }
}

/// Logins with a known partition.
let alice = "alice"
let bob = "bob"
let carol = "carol"

func draft(_ login: String, _ text: String = "hello", bytes: Int = 0) -> EventDraft {
    var draft = EventDraft(
        domain: .chat,
        subject: login,
        time: Timestamp(rawValue: 1_760_000_000_000),
        event: .chatClear(
            ChatClear(
                broadcasterUserID: "1",
                broadcasterUserLogin: login,
                clearedAt: Timestamp(rawValue: 1_760_000_000_000),
                receivedAt: Timestamp(rawValue: 1_760_000_000_000),
                raw: text
            )
        )
    )
    let padding = String(repeating: "x", count: max(0, bytes - text.utf8.count))
    draft.data = Array(#"{"raw":"\#(text)\#(padding)"}"#.utf8)
    return draft
}

extension Journal {
    /// Everything behind `after`, page by page as a follower would.
    func readAll(after: [Int: Offset], maximumBytes: Int = 1 << 20) throws -> JournalPage {
        var all = JournalPage(complete: false)
        var cursors = after
        for _ in 0..<100_000 {
            let page = try read(after: cursors, maximumBytes: maximumBytes)
            for hole in page.truncated {
                #expect(cursors[hole.partition] == hole.after)
                cursors[hole.partition] = hole.through
            }
            for event in page.events {
                #expect(event.previous <= cursors[event.partition] ?? .zero)
                cursors[event.partition] = event.offset
            }
            all.events += page.events
            all.truncated += page.truncated
            if page.complete {
                all.complete = true
                return all
            }
        }
        Issue.record("reading never came to the end")
        return all
    }
}

/// Every partition from its beginning.
let everything: [Int: Offset] = Dictionary(uniqueKeysWithValues: (0..<Partition.count).map { ($0, Offset.zero) })
