import Protocol
import Testing

@testable import irc_gateway

@Suite struct HoleBookTests {
    private static let now = ContinuousClock.now

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: seconds * 1000) }

    private static func mark(_ id: String) -> Hole.Landmark { Hole.Landmark(messageID: id, sentAt: at(1)) }

    /// No reminders, and holes at once.
    private static func book() -> HoleBook {
        HoleBook(timing: BackfillTiming(settling: .zero, spread: .zero, lifetime: .seconds(100)))
    }

    private static func hole(_ book: HoleBook, after: Duration = .seconds(1)) -> Hole? {
        if case .fill(let hole) = book.next(at: now + after) { hole } else { nil }
    }

    @Test func `a hole lies between the last listener's end and the next one's start, with its messages`() {
        let book = Self.book()
        book.started("alpha", roomID: "9", at: Self.at(1), now: Self.now)
        book.heard(Self.mark("a"), in: "alpha")
        book.heard(Self.mark("b"), in: "alpha")
        #expect(Self.hole(book) == nil)
        book.stopped("alpha", because: .connectionLost, at: Self.at(10))
        book.started("alpha", roomID: "", at: Self.at(15), now: Self.now)
        book.heard(Self.mark("c"), in: "alpha")
        book.heard(Self.mark("d"), in: "alpha")
        let hole = Self.hole(book)
        #expect(hole?.from == Self.at(10) && hole?.through == Self.at(15) && hole?.roomID == "9")
        #expect(hole?.before?.messageID == "b" && hole?.after?.messageID == "c")
    }

    @Test func `while another connection listens there is no hole`() {
        let book = Self.book()
        book.started("alpha", roomID: "9", at: Self.at(1), now: Self.now)
        book.started("alpha", roomID: "9", at: Self.at(5), now: Self.now)
        book.stopped("alpha", because: .moved, at: Self.at(6))
        book.started("alpha", roomID: "9", at: Self.at(7), now: Self.now)
        #expect(book.waiting == 0)
    }

    @Test func `a channel that was taken off the list and comes back has no hole`() {
        let book = Self.book()
        book.started("alpha", roomID: "9", at: Self.at(1), now: Self.now)
        book.stopped("alpha", because: .removed, at: Self.at(6))
        book.started("alpha", roomID: "9", at: Self.at(60), now: Self.now)
        #expect(book.waiting == 0)
    }

    @Test func `an earlier run's end begins a hole`() {
        let book = Self.book()
        book.heard(Self.mark("a"), in: "alpha")
        book.heard(Self.mark("b"), in: "alpha")
        book.stopped("alpha", because: .connectionLost, at: Self.at(10))
        // What may have been open when it crashed had ended already.
        book.stopped("alpha", because: .crashed, at: Self.at(12))
        book.started("alpha", roomID: "9", at: Self.at(20), now: Self.now)
        let hole = Self.hole(book)
        #expect(hole?.from == Self.at(10) && hole?.before?.messageID == "b" && hole?.after == nil)
    }

    @Test func `a hole is told until it is done with, and comes back when it was postponed`() {
        let book = Self.book()
        book.stopped("alpha", because: .crashed, at: Self.at(10))
        book.started("alpha", roomID: "9", at: Self.at(20), now: Self.now)
        guard let hole = Self.hole(book) else { return #expect(Bool(false), "no hole") }
        book.postponed(hole, published: 7, until: Self.now + .seconds(30))
        #expect(Self.hole(book) == nil)
        let again = Self.hole(book, after: .seconds(31))
        #expect(again?.attempts == 1 && again?.published == 7)
        book.filled(hole)
        #expect(book.waiting == 0)
    }

    @Test func `the service is reminded of channels that are listened to, after holes and not too often`() {
        let book = Self.book()
        for login in ["alpha", "beta"] { book.started(login, roomID: "9", at: Self.at(1), now: Self.now) }
        book.stopped("beta", because: .connectionLost, at: Self.at(2))
        #expect(book.next(at: Self.now + .seconds(1)) == .remind(login: "alpha"))
        book.asked("alpha", at: Self.now)
        #expect(book.next(at: Self.now + .seconds(70)) == nil)
        #expect(book.next(at: Self.now + .seconds(101)) == .remind(login: "alpha"))
        book.started("beta", roomID: "9", at: Self.at(3), now: Self.now)
        #expect(Self.hole(book, after: .seconds(101))?.login == "beta")
    }
}
