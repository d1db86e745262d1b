import EventStore
import Protocol
import Testing

@Suite struct ArchivedChannelTests {
    private static func name(_ id: String, _ login: String, _ time: Int64? = nil) -> ArchivedChannel.Name {
        ArchivedChannel.Name(userID: id, login: login, lastUsedAt: time.map(Timestamp.init(rawValue:)))
    }

    private static let names = [
        name("1", "old", 10), name("1", "current", 20), name("1", "before"), name("", "current", 5),
        name("2", "other", 7), name("", "refused", 3),
    ]

    @Test func `a login finds whoever has or had it, under all names`() {
        let expected = ArchivedChannel(login: "old", userIDs: ["1"], logins: ["before", "current", "old"])
        #expect(ArchivedChannel(login: "old", among: Self.names) == expected)
        var nobody = ArchivedChannel(login: "nobody", userIDs: [], logins: ["nobody"])
        nobody.isKnown = false
        #expect(ArchivedChannel(login: "nobody", among: Self.names) == nobody)
        #expect(ArchivedChannel(login: "refused", among: Self.names).isKnown)
    }

    @Test func `all channels are listed once, under the name used last`() {
        let all = ArchivedChannel.all(Self.names)
        #expect(all.map(\.login) == ["current", "other", "refused"])
        #expect(all.map(\.userIDs) == [["1"], ["2"], []])
    }
}
