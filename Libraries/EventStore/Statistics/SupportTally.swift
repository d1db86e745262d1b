import FoundationEssentials
package import Protocol

/// Counts USERNOTICEs, one after the other in the order of their time.
package struct SupportTally {
    /// One USERNOTICE, as far as counting needs it.
    package struct Notice {
        package var kind: String
        /// The kind in the room where it happened; only for `sharedchatnotice`.
        package var sourceKind: String?
        /// The room where it happened, while rooms share their chat.
        package var sourceRoom: String?
        package var at: Timestamp
        package var userLogin: String
        package var userName: String

        package init(
            kind: String,
            sourceKind: String? = nil,
            sourceRoom: String? = nil,
            at: Timestamp,
            userLogin: String,
            userName: String
        ) {
            self.kind = kind
            self.sourceKind = sourceKind
            self.sourceRoom = sourceRoom
            self.at = at
            self.userLogin = userLogin
            self.userName = userName
        }
    }

    private struct Wave {
        var announced = 0
        var arrived = 0
    }

    private let room: String
    private var counted = StreamSupport()
    /// Gifts that came together, by the id that Twitch gives all of them.
    private var waves: [String: Wave] = [:]
    private let decoder = JSONDecoder()

    /// - Parameter room: The channel's user id: what happened in another room is a mirror.
    package init(room: String) {
        self.room = room
    }

    /// The sums.
    package var support: StreamSupport {
        var support = counted
        support.gifts += waves.values.reduce(0) { $0 + max($1.announced, $1.arrived) }
        return support
    }

    /// Counts a message with bits.
    package mutating func cheer(bits: Int, messages: Int) {
        counted.bits += bits
        counted.cheers += messages
    }

    /// Counts one notice, with its parameters as the archive keeps them: a JSON object of strings, or nothing.
    package mutating func take(_ notice: Notice, parametersJSON: String?) {
        let decoder = decoder
        take(notice) {
            parametersJSON.flatMap { try? decoder.decode([String: String].self, from: Data($0.utf8)) } ?? [:]
        }
    }

    /// Counts one notice. `parameters` is read only for kinds that need it.
    package mutating func take(_ notice: Notice, parameters: () -> [String: String]) {
        var kind = notice.kind
        if let source = notice.sourceRoom, !source.isEmpty, source != room { return }
        if kind == "sharedchatnotice" {
            // Without its source it can only be a mirror; with our own room as the source it is the original.
            guard notice.sourceRoom == room, let original = notice.sourceKind else { return }
            kind = original
        }
        counted.notifications[kind, default: 0] += 1
        switch kind {
        case "sub": counted.subscriptions += 1
        case "resub": counted.resubscriptions += 1
        case "giftpaidupgrade", "anongiftpaidupgrade", "primepaidupgrade": counted.upgrades += 1
        case "subgift", "anonsubgift":
            guard let wave = Self.wave(parameters()) else {
                counted.gifts += 1
                return
            }
            waves[wave, default: Wave()].arrived += 1
        case "submysterygift", "anonsubmysterygift":
            let parameters = parameters()
            // Without an id its gifts cannot be told from others: they count when they arrive.
            guard let wave = Self.wave(parameters) else { return }
            waves[wave, default: Wave()].announced += Self.count(parameters["mass-gift-count"])
        case "raid":
            let parameters = parameters()
            counted.raids.append(
                StreamSupport.Raid(
                    at: notice.at,
                    userLogin: parameters["login"] ?? notice.userLogin,
                    userName: parameters["displayName"] ?? notice.userName,
                    viewers: Self.count(parameters["viewerCount"])
                )
            )
        default: break
        }
    }

    /// A count as somebody sent it; 0 for what is none. Bounded, so that no sum of many overflows.
    private static func count(_ text: String?) -> Int {
        guard let count = text.flatMap({ Int($0) }), (0...Int(Int32.max)).contains(count) else { return 0 }
        return count
    }

    private static func wave(_ parameters: [String: String]) -> String? {
        [parameters["community-gift-id"], parameters["origin-id"]].compactMap(\.self).first { !$0.isEmpty }
    }
}
