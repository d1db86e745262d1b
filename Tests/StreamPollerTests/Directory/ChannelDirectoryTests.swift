import Protocol
import ServiceRuntime
import Testing
import TwitchAPI

@testable import stream_poller

@Suite struct ChannelDirectoryTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func list(_ logins: [String], ids: [String] = [], idsOfLogins: [String: String] = [:]) -> ChannelList {
        ChannelList(logins: logins, userIDs: ids, idsOfLogins: idsOfLogins)
    }

    private func user(_ id: String, _ login: String) -> HelixUser {
        HelixUser(id: id, login: login, displayName: login.uppercased())
    }

    /// A directory that has looked up `ash` (1) and the id 2 (`elm`).
    private func settled() -> ChannelDirectory {
        var directory = ChannelDirectory()
        directory.want(list(["ash"], ids: ["2"]))
        let questions = directory.questions(at: start)
        _ = directory.learnt([user("1", "ash"), user("2", "elm")], asked: questions, at: start)
        return directory
    }

    @Test func `logins and ids are looked up once and then known by id`() {
        var directory = ChannelDirectory()
        directory.want(list(["ash"], ids: ["2"]))
        let questions = directory.questions(at: start)
        #expect(questions == .init(logins: ["ash"], ids: ["2"]))
        let updates = directory.learnt([user("1", "ash"), user("2", "elm")], asked: questions, at: start)
        #expect(updates.map(\.userLogin) == ["ash", "elm"])
        #expect(updates.allSatisfy { $0.previousUserLogin == nil })
        #expect(directory.userIDs == ["1", "2"])
        #expect(directory.questions(at: start).isEmpty)
        #expect(
            directory.state.channels == [
                .init(listedAs: "ash", userID: "1", userLogin: "ash", userName: "ASH"),
                .init(listedAs: "2", userID: "2", userLogin: "elm", userName: "ELM"),
            ]
        )
    }

    @Test func `a rename is seen at the daily look and the channel followed, not the login`() {
        var directory = settled()
        let next = start.advanced(by: ChannelDirectory.refresh)
        #expect(directory.questions(at: next.advanced(by: .seconds(-1))).isEmpty)
        let questions = directory.questions(at: next)
        #expect(questions == .init(ids: ["1", "2"]))
        let updates = directory.learnt([user("1", "birch"), user("2", "elm")], asked: questions, at: next)
        #expect(updates.map(\.userLogin) == ["birch"])
        #expect(updates.first?.previousUserLogin == "ash")
        // Somebody else takes the old login: the list still means the channel that it meant.
        #expect(directory.userIDs == ["1", "2"])
        #expect(directory.state.channels.first?.listedAs == "ash")
        #expect(directory.state.channels.first?.userLogin == "birch")
        #expect(directory.questions(at: next).isEmpty)
    }

    @Test func `a stream under another login makes it look again, at most every ten minutes`() {
        var directory = settled()
        let early = start.advanced(by: .seconds(60))
        directory.suspect("1", hasLogin: "birch", at: early)
        #expect(directory.questions(at: early).isEmpty)
        let later = start.advanced(by: ChannelDirectory.suspicion)
        directory.suspect("1", hasLogin: "ash", at: later)
        #expect(directory.questions(at: later).isEmpty)
        directory.suspect("1", hasLogin: "birch", at: later)
        #expect(directory.questions(at: later) == .init(ids: ["1"]))
        // A cache was old: nothing happened, and it is not asked again at once.
        #expect(directory.learnt([user("1", "ash")], asked: .init(ids: ["1"]), at: later).isEmpty)
        directory.suspect("1", hasLogin: "birch", at: later)
        #expect(directory.questions(at: later).isEmpty)
    }

    @Test func `what Twitch does not know is named and looked up again after a minute`() {
        var directory = ChannelDirectory()
        directory.want(list(["ash", "typo"]))
        let questions = directory.questions(at: start)
        _ = directory.learnt([user("1", "ash")], asked: questions, at: start)
        #expect(directory.unknown == ["typo"])
        #expect(directory.state.unknown == ["typo"])
        #expect(directory.questions(at: start.advanced(by: .seconds(59))).isEmpty)
        let later = start.advanced(by: .seconds(60))
        #expect(directory.questions(at: later) == .init(logins: ["typo"]))
        _ = directory.learnt([user("9", "typo")], asked: .init(logins: ["typo"]), at: later)
        #expect(directory.unknown == [])
        #expect(directory.userIDs == ["1", "9"])
    }

    @Test func `a failed look says nothing`() {
        var directory = ChannelDirectory()
        directory.want(list(["ash", "elm"]))
        _ = directory.learnt([], asked: .init(), at: start)
        #expect(directory.unknown == [])
        #expect(directory.questions(at: start).logins == ["ash", "elm"])
    }

    @Test func `an id beside a login finds the channel when the login is no longer known`() {
        var directory = ChannelDirectory()
        directory.want(list(["ash"], idsOfLogins: ["ash": "1"]))
        let questions = directory.questions(at: start)
        #expect(questions == .init(logins: ["ash"], ids: ["1"]))
        let updates = directory.learnt([user("1", "birch")], asked: questions, at: start)
        #expect(updates.map(\.userLogin) == ["birch"])
        #expect(directory.state.channels.first?.listedAs == "ash")
        #expect(directory.unknown == [])
    }

    @Test func `what the journal told before is not told again, and a rename since then is one`() {
        var directory = ChannelDirectory()
        for (id, login) in [("1", "ash"), ("2", "elm")] {
            directory.replay(UserUpdate(userID: id, userLogin: login, userName: login.uppercased(), observedAt: start))
        }
        directory.want(list(["ash"], ids: ["2"]))
        let questions = directory.questions(at: start)
        let updates = directory.learnt([user("1", "ash"), user("2", "birch")], asked: questions, at: start)
        #expect(updates.map(\.userLogin) == ["birch"])
        #expect(updates.first?.previousUserLogin == "elm")
    }

    @Test func `a suspended channel stays known`() {
        var directory = settled()
        let next = start.advanced(by: ChannelDirectory.refresh)
        _ = directory.learnt([user("2", "elm")], asked: directory.questions(at: next), at: next)
        #expect(directory.userIDs == ["1", "2"])
        #expect(directory.questions(at: next).isEmpty)
    }

    @Test func `what is no longer wanted is forgotten and what stays is not looked up again`() {
        var directory = settled()
        directory.want(list(["oak"], ids: ["2"]))
        #expect(directory.userIDs == ["2"])
        let questions = directory.questions(at: start)
        #expect(questions == .init(logins: ["oak"]))
        _ = directory.learnt([user("3", "oak")], asked: questions, at: start)
        #expect(directory.accounts.keys.sorted() == ["2", "3"])
    }

    @Test func `one channel listed by login and by id is one channel`() {
        var directory = ChannelDirectory()
        directory.want(list(["ash"], ids: ["1"]))
        let updates = directory.learnt(
            [user("1", "ash"), user("1", "ash")],
            asked: directory.questions(at: start),
            at: start
        )
        #expect(updates.count == 1)
        #expect(directory.userIDs == ["1"])
    }
}
