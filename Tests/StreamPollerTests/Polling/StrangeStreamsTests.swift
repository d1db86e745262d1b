import FoundationEssentials
import Protocol
import ServiceRuntime
import Testing
import TwitchAPI

@testable import stream_poller

/// Streams of which Twitch tells too little, or nonsense: nothing that was known is lost, and nobody goes offline by it.
@Suite struct StrangeStreamsTests {
    private let now = Timestamp(milliseconds: 1_795_946_400_000)
    private let policy = StreamTracker.Policy(absentPolls: 1, absentFor: .zero)

    /// A watch that knows the channels 1 and 2, and that 1 is live with the stream 41.
    private func watching() -> Watch {
        var watch = Watch()
        watch.directory.want(ChannelList(logins: ["ash", "elm"], userIDs: []))
        var users = HelixAnswer<HelixUser>()
        users.items = [
            .init(id: "1", login: "ash", displayName: "Ash"), .init(id: "2", login: "elm", displayName: "Elm"),
        ]
        users.answered = ["ash", "elm"]
        _ = watch.learnt(users, HelixAnswer(), at: now)
        let first = poll(&watch, [full])
        #expect(first.count == 1)
        return watch
    }

    private var full: HelixStream {
        HelixStream(
            id: "41",
            userID: "1",
            userLogin: "ash",
            userName: "Ash",
            title: "title",
            categoryName: "Chess",
            tags: ["a"],
            viewerCount: 12,
            startedAt: "2026-11-29T10:00:00Z"
        )
    }

    private func poll(_ watch: inout Watch, _ items: [HelixStream], answered: Set<String> = ["1", "2"]) -> [EventDraft]
    {
        var answer = HelixAnswer<HelixStream>()
        answer.items = items
        answer.answered = answered
        return watch.polled(answer, at: now, interval: .seconds(60), policy: policy)
    }

    @Test func `what is left out is as it was`() throws {
        var watch = watching()
        let events = poll(&watch, [HelixStream(id: "41", userID: "1")])
        #expect(events.count == 1)
        let update = try JSONDecoder().decode(StreamUpdate.self, from: Data(try #require(events.first).data))
        #expect(update.title == "title" && update.categoryName == "Chess" && update.tags == ["a"])
        #expect(update.viewerCount == 12 && update.broadcasterUserLogin == "ash")
        // What is told to be empty is empty.
        var cleared = full
        cleared.title = ""
        cleared.viewerCount = 0
        let draft = try #require(poll(&watch, [cleared]).first)
        let empty = try JSONDecoder().decode(StreamUpdate.self, from: Data(draft.data))
        #expect(empty.title.isEmpty && empty.viewerCount == 0)
    }

    @Test(arguments: [nil, "", "yesterday", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2027-03-01T00:00:00Z"])
    func `a stream without a beginning is neither begun nor ended`(startedAt: String?) {
        var watch = watching()
        var strange = full
        strange.id = "42"
        strange.startedAt = startedAt
        var other = full
        other.id = "51"
        other.userID = "2"
        other.userLogin = "elm"
        // The other channel's stream is told all the same.
        let events = poll(&watch, [strange, other])
        #expect(events.count == 1)
        #expect(watch.tracker.live["2"]?.id == "51")
        #expect(watch.tracker.live["1"]?.id == "41")
        // And when it is really gone, it is over.
        #expect(poll(&watch, [other]).count == 2)
        #expect(watch.tracker.live["1"] == nil)
    }

    @Test func `a beginning that is told wrong later stays as it was`() {
        var watch = watching()
        var strange = full
        strange.startedAt = "9999-01-01T00:00:00Z"
        #expect(poll(&watch, [strange]).count == 1)
        #expect(watch.tracker.live["1"]?.startedAt == Timestamp("2026-11-29T10:00:00Z"))
    }

    @Test func `a new stream without a login goes by the account's`() {
        var watch = watching()
        let new = HelixStream(id: "51", userID: "2", startedAt: "2026-11-29T09:00:00Z")
        #expect(poll(&watch, [full, new]).count == 2)
        let update = watch.tracker.live["2"]?.update
        #expect(update?.broadcasterUserLogin == "elm" && update?.broadcasterUserName == "Elm")
    }

    @Test func `with a clock that is wrong itself, streams begin all the same`() {
        var watch = watching()
        var answer = HelixAnswer<HelixStream>()
        answer.items = [full]
        answer.answered = ["1", "2"]
        let early = watch.polled(answer, at: Timestamp(milliseconds: 0), interval: .seconds(60), policy: policy)
        #expect(early.count == 1)
    }
}
