import Protocol
import ServiceRuntime
import Testing

@testable import irc_gateway

@Suite struct ChannelNamesTests {
    private func channel(_ listed: String, _ id: String, _ login: String) -> ChannelsState.Channel {
        .init(listedAs: listed, userID: id, userLogin: login, userName: login)
    }

    @Test func `without a poller the list counts, and ids wait`() {
        let names = ChannelNames(ChannelList(logins: ["ash", "elm"], userIDs: ["3"]))
        #expect(names.logins == ["ash", "elm"])
        #expect(names.waiting == ["3"])
    }

    @Test func `ids are joined once their login is told, and renamed channels under the new one`() {
        var names = ChannelNames(ChannelList(logins: ["ash", "elm"], userIDs: ["3"]))
        names.learn(
            ChannelsState(
                channels: [channel("ash", "1", "birch"), channel("elm", "2", "elm"), channel("3", "3", "oak")],
                unknown: []
            )
        )
        #expect(names.logins == ["birch", "elm", "oak"])
        #expect(names.waiting == [])
        #expect(names.renamed.map(\.listed) == ["ash"])
    }

    @Test func `who was unknown, renamed or somebody else has appeared`() {
        var names = ChannelNames(ChannelList(logins: ["ash", "elm", "fir"], userIDs: ["3"]))
        func appeared(_ state: ChannelsState) -> Set<String> {
            let before = names
            names.learn(state)
            return names.appeared(since: before)
        }
        let elm = channel("elm", "2", "elm")
        #expect(appeared(ChannelsState(channels: [elm], unknown: ["ash", "3"])) == [])
        #expect(appeared(ChannelsState(channels: [elm], unknown: ["ash", "3"])) == [])
        #expect(appeared(ChannelsState(channels: [elm, channel("ash", "1", "ash")], unknown: ["3"])) == ["ash"])
        #expect(appeared(ChannelsState(channels: [elm, channel("3", "3", "oak")], unknown: [])) == ["oak"])
        #expect(appeared(ChannelsState(channels: [channel("elm", "7", "elm")], unknown: [])) == ["elm"])
        #expect(appeared(ChannelsState(channels: [channel("elm", "7", "yew")], unknown: [])) == ["yew"])
    }

    @Test func `a poller with another list takes nothing away`() {
        var names = ChannelNames(ChannelList(logins: ["ash", "elm"]))
        names.learn(ChannelsState(channels: [channel("ash", "1", "birch")], unknown: []))
        names.learn(ChannelsState(channels: [channel("pine", "9", "pine")], unknown: []))
        #expect(names.logins == ["birch", "elm"])
    }

    @Test func `a login that is listed anew is not taken for what it was`() {
        var names = ChannelNames(ChannelList(logins: ["ash"]))
        names.learn(ChannelsState(channels: [channel("ash", "1", "birch")], unknown: []))
        names.want(ChannelList(logins: ["elm"]))
        names.learn(ChannelsState(channels: [channel("elm", "2", "elm")], unknown: []))
        names.want(ChannelList(logins: ["ash"]))
        #expect(names.logins == ["ash"])
    }

    @Test func `a channel listed by login and by id is joined once`() {
        var names = ChannelNames(ChannelList(logins: ["ash"], userIDs: ["1"]))
        names.learn(ChannelsState(channels: [channel("ash", "1", "ash"), channel("1", "1", "ash")], unknown: []))
        #expect(names.logins == ["ash"])
    }

    @Test func `a login of digits is no id`() {
        var names = ChannelNames(ChannelList(logins: ["123"], userIDs: ["123"]))
        names.learn(ChannelsState(channels: [channel("123", "77", "123"), channel("123", "123", "oak")], unknown: []))
        #expect(names.logins == ["123", "oak"])
    }

    @Test func `an id that Twitch does not know is not waited for`() {
        var names = ChannelNames(ChannelList(logins: ["ash"], userIDs: ["99"]))
        names.learn(ChannelsState(channels: [], unknown: ["99"]))
        #expect(names.waiting == [])
        #expect(names.logins == ["ash"])
    }
}
