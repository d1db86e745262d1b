import Testing

@testable import irc_gateway

@Suite struct ChannelShareTests {
    private let logins = (0..<60).map { "channel_\($0)" }

    private func member(_ name: String, wants wanted: [String]? = nil, joined: [String] = []) -> GatewayMember {
        GatewayMember(name: name, report: .init(wanted: Set(wanted ?? logins), joined: Set(joined)))
    }

    private func share(
        _ own: String,
        _ others: [GatewayMember],
        joined: [String] = [],
        replicas: Int = 1
    ) -> ChannelShare {
        ChannelShare(of: logins, joined: Set(joined), own: own, others: others, replicas: replicas)
    }

    @Test func `alone it reads everything`() {
        let share = share("gw-a", [])
        #expect(share.logins == logins)
        #expect(share.elsewhere.isEmpty && !share.isSpare)
        #expect(share.summary(members: 1) == nil)
    }

    @Test(arguments: [1, 2]) func `three that see each other read each channel as often as wanted`(_ replicas: Int) {
        let names = ["gw-a", "gw-b", "gw-c"]
        var readers: [String: Int] = [:]
        for own in names {
            let share = share(own, names.filter { $0 != own }.map { member($0) }, replicas: replicas)
            #expect(Set(share.logins).union(share.elsewhere) == Set(logins))
            for login in share.logins { readers[login, default: 0] += 1 }
        }
        #expect(readers.count == logins.count && readers.values.allSatisfy { $0 == replicas })
    }

    @Test func `a channel that only this gateway knows stays with it`() {
        let few = Array(logins.prefix(5))
        let share = share("gw-a", [member("gw-b", wants: few)])
        #expect(Set(share.logins).isSuperset(of: logins.dropFirst(5)))
        #expect(share.elsewhere.isSubset(of: few))
    }

    @Test func `what it listens to is kept until the new reader listens`() throws {
        let target = share("gw-a", [member("gw-b")])
        let moving = target.elsewhere.sorted()
        #expect(!moving.isEmpty)
        let during = share("gw-a", [member("gw-b")], joined: logins)
        #expect(during.logins == logins && during.lent == moving.count)
        let first = try #require(moving.first)
        let later = share("gw-a", [member("gw-b", joined: [first])], joined: logins)
        #expect(later.elsewhere == [first] && later.lent == moving.count - 1)
        #expect(share("gw-a", [member("gw-b", joined: moving)], joined: logins) == target)
    }

    @Test func `who leaves waits for what others are going to read, until they listen`() {
        let joined = Set(logins.prefix(10))
        #expect(ChannelShare.awaited(joined, by: [], replicas: 1).isEmpty, "nobody is going to")
        #expect(ChannelShare.awaited(joined, by: [member("gw-b", wants: ["other"])], replicas: 1).isEmpty)
        #expect(ChannelShare.awaited(joined, by: [member("gw-b")], replicas: 1) == joined)
        let half = Array(logins.prefix(5))
        #expect(
            ChannelShare.awaited(joined, by: [member("gw-b", joined: half)], replicas: 1) == joined.subtracting(half)
        )
        #expect(ChannelShare.awaited(joined, by: [member("gw-b", joined: logins)], replicas: 2).isEmpty)
        let two = [member("gw-b", joined: logins), member("gw-c")]
        #expect(ChannelShare.awaited(joined, by: two, replicas: 2) == joined, "both of them are to read")
    }

    @Test func `what it does not listen to yet goes to its reader at once`() {
        let target = share("gw-a", [member("gw-b")])
        #expect(share("gw-a", [member("gw-b")], joined: target.logins) == target)
    }

    @Test func `of two readers both have to listen before a third leaves`() throws {
        let others = ["gw-b", "gw-c"]
        let target = share("gw-a", others.map { member($0) }, replicas: 2)
        let login = try #require(target.elsewhere.min())
        let one = [member("gw-b", joined: [login]), member("gw-c")]
        #expect(share("gw-a", one, joined: [login], replicas: 2).logins.contains(login))
        let both = others.map { member($0, joined: [login]) }
        #expect(share("gw-a", both, joined: [login], replicas: 2).elsewhere.contains(login))
    }

    @Test func `those that are known from the settings are taken to be there`() {
        let share = share("gateway-0", [GatewayMember(name: "gateway-1")], joined: logins)
        #expect(share.lent == 0)
        #expect(abs(share.logins.count - logins.count / 2) < logins.count / 4)
    }

    @Test func `a gateway beyond the channels is a spare one`() {
        let names = ["gw-a", "gw-b", "gw-c", "gw-d"]
        let shares = names.map { own in
            ChannelShare(
                of: ["quietharbor"],
                joined: [],
                own: own,
                others: names.filter { $0 != own }.map { member($0, wants: ["quietharbor"]) },
                replicas: 1
            )
        }
        #expect(shares.count { $0.isSpare } == 3)
        #expect(shares.first { $0.isSpare }?.summary(members: 4) == "reads 0 of 1 channels, shared by 4 gateways")
    }
}
