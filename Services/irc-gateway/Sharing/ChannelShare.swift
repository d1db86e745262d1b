/// Which of its channels a gateway reads while others are there: a decision without I/O.
struct ChannelShare: Hashable, Sendable {
    /// The channels to read, in the order of the list.
    var logins: [String] = []
    /// Those on the list that others read.
    var elsewhere: Set<String> = []
    /// How many of `logins` are another's, who does not listen to them yet.
    var lent = 0

    /// Nothing is on the list.
    init() {}

    /// - Parameters:
    ///   - wanted: The channels on this gateway's list.
    ///   - joined: Those that it listens to.
    ///   - own: Its name among the members.
    ///   - others: The other gateways. A channel is shared by those that have it on their list.
    ///   - replicas: How many are to read each channel.
    init(of wanted: [String], joined: Set<String>, own: String, others: [GatewayMember], replicas: Int) {
        for login in wanted {
            let candidates = others.filter { $0.wants(login) }
            if Rendezvous.isAmongFirst(replicas, own, for: login, of: candidates.lazy.map(\.name)) {
                logins.append(login)
            } else if joined.contains(login), !Self.isHeard(login, replicas, candidates) {
                // Whoever came is still joining: until then nobody else may hear the channel.
                logins.append(login)
                lent += 1
            } else {
                elsewhere.insert(login)
            }
        }
    }

    /// All channels of the list are read by others.
    var isSpare: Bool { logins.isEmpty && !elsewhere.isEmpty }

    /// One line for a person; nil where nothing is shared.
    func summary(members: Int) -> String? {
        guard members > 1 else { return nil }
        return "reads \(logins.count) of \(logins.count + elsewhere.count) channels, shared by \(members) gateways"
    }

    /// Those of the channels that a leaving gateway listens to for which others are still joining. Channels that none of them
    /// has on its list are not: nobody is going to join them.
    /// - Parameters:
    ///   - joined: What the leaving gateway listens to.
    ///   - others: Who stays.
    ///   - replicas: How many are to read each channel.
    /// - Returns: The logins.
    static func awaited(_ joined: Set<String>, by others: [GatewayMember], replicas: Int) -> Set<String> {
        joined.filter { login in
            let candidates = others.filter { $0.wants(login) }
            return !candidates.isEmpty && !isHeard(login, replicas, candidates)
        }
    }

    /// Whether all who are to read a channel listen to it.
    private static func isHeard(_ login: String, _ replicas: Int, _ candidates: [GatewayMember]) -> Bool {
        let readers = Set(Rendezvous.first(replicas, for: login, of: candidates.lazy.map(\.name)))
        return candidates.allSatisfy { !readers.contains($0.name) || $0.listens(to: login) }
    }
}
