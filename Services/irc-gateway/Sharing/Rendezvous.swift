/// Highest random weight: everybody who knows the same members comes to the same ranking of each channel, alone. When a
/// member leaves, only its channels move; when one comes, only those that it gets.
enum Rendezvous {
    /// Whether `member` is among the first `count` of the members that a channel has.
    static func isAmongFirst(_ count: Int, _ member: String, for login: String, of others: some Sequence<String>)
        -> Bool
    {
        let own = Rank(login, member)
        var ahead = 0
        for other in others where Rank(login, other) > own {
            ahead += 1
            if ahead >= count { return false }
        }
        return true
    }

    /// The first `count` members for a channel.
    static func first(_ count: Int, for login: String, of members: some Sequence<String>) -> [String] {
        Array(members.map { Rank(login, $0) }.sorted(by: >).prefix(count).map(\.member))
    }

    private struct Rank: Comparable {
        let weight: UInt64
        let member: String

        init(_ login: String, _ member: String) {
            weight = Rendezvous.weight(login, member)
            self.member = member
        }

        static func < (a: Rank, b: Rank) -> Bool { (a.weight, a.member) < (b.weight, b.member) }
    }

    /// FNV-1a over both names, then MurmurHash3's finalizer: FNV alone hardly mixes the last bytes, by which members differ.
    /// The same in every process and version: gateways that are upgraded one at a time must agree.
    static func weight(_ login: String, _ member: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in login.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0x0A) &* 0x100_0000_01B3
        for byte in member.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
