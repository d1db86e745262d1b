import Testing

@testable import irc_gateway

@Suite struct RendezvousTests {
    private let logins = (0..<2000).map { "channel_\($0)" }
    private let members = ["gw-7f3a91c2", "gw-7f3a91c3", "gw-00000001", "gw-e0b1d2c3"]

    private func owners(_ count: Int, of members: [String]) -> [String: Set<String>] {
        Dictionary(uniqueKeysWithValues: logins.map { ($0, Set(Rendezvous.first(count, for: $0, of: members))) })
    }

    @Test(arguments: [1, 2]) func `each member gets a fair part of the channels`(_ replicas: Int) {
        let owners = owners(replicas, of: members)
        for member in members {
            let part = owners.values.count { $0.contains(member) }
            let fair = logins.count * replicas / members.count
            #expect(abs(part - fair) < fair / 5, "\(member) has \(part), fair are \(fair)")
        }
    }

    @Test(arguments: [1, 2]) func `when a member leaves, only its channels move, and all others share them`(
        _ replicas: Int
    ) throws {
        let gone = members[1]
        let rest = members.filter { $0 != gone }
        let before = owners(replicas, of: members)
        let after = owners(replicas, of: rest)
        var heirs: [String: Int] = [:]
        for login in logins {
            let old = try #require(before[login])
            let new = try #require(after[login])
            #expect(new.isSuperset(of: old.subtracting([gone])), "who read it goes on")
            for heir in new.subtracting(old) { heirs[heir, default: 0] += 1 }
        }
        #expect(heirs.values.reduce(0, +) == before.values.count { $0.contains(gone) })
        #expect(Set(heirs.keys) == Set(rest))
        let fair = logins.count * replicas / members.count / rest.count
        #expect(heirs.values.allSatisfy { abs($0 - fair) < fair / 2 }, "\(heirs)")
    }

    @Test func `the order in which members are known changes nothing`() {
        for login in logins.prefix(100) {
            #expect(
                Rendezvous.first(2, for: login, of: members) == Rendezvous.first(2, for: login, of: members.reversed())
            )
            for member in members {
                let others = members.filter { $0 != member }
                #expect(
                    Rendezvous.isAmongFirst(2, member, for: login, of: others)
                        == Rendezvous.first(2, for: login, of: members).contains(member)
                )
            }
        }
    }

    /// Gateways of two versions must agree: these numbers may never change.
    @Test func `the weight is the same in every version`() {
        #expect(Rendezvous.weight("quietharbor", "gw-7f3a91c2") == 0xAC52_CB0B_5FB1_8441)
        #expect(Rendezvous.weight("", "") == 0x7A4C_822A_F49A_E566)
    }

    @Test func `fewer members than readers are all of them`() {
        #expect(Rendezvous.isAmongFirst(2, "gw-a", for: "quietharbor", of: ["gw-b"]))
        #expect(Rendezvous.isAmongFirst(1, "gw-a", for: "quietharbor", of: []))
    }
}
