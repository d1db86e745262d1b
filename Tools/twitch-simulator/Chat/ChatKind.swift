/// Every kind of line that is generated; a USERNOTICE is named by its `msg-id`.
enum ChatKind: String, CaseIterable, Codable, Sendable {
    // PRIVMSG
    case message, action, cheer, reply, highlight, reward, gigantified, animated, gif, skipSubsMode, userIntro
    case firstMessage, returningChatter, emoteOnly, sharedChat, sharedChatOrigin, hypeChat
    /// Said by a connected client.
    case said
    // USERNOTICE
    case sub, resub, subgift, submysterygift, giftpaidupgrade, anongiftpaidupgrade, primepaidupgrade
    case standardpayforward, communitypayforward, rewardgift, raid, unraid, ritual, bitsbadgetier, announcement
    case viewermilestone, modiversary, socialsharingbadge, charitydonation, sharedchatnotice
    // Moderation and rooms
    case timeout, ban, clear, deletion, notice, roomstate
    /// Replayed or dictated lines, by command.
    case rawPrivmsg, rawUsernotice, rawClearchat, rawClearmsg, rawNotice, rawRoomstate, rawOther

    /// The IRC command of the line.
    var command: String {
        switch self {
        case .timeout, .ban, .clear, .rawClearchat: "CLEARCHAT"
        case .deletion, .rawClearmsg: "CLEARMSG"
        case .notice, .rawNotice: "NOTICE"
        case .roomstate, .rawRoomstate: "ROOMSTATE"
        case .rawOther: "other"
        case .rawUsernotice: "USERNOTICE"
        default: self.isUserNotice ? "USERNOTICE" : "PRIVMSG"
        }
    }

    /// Generated as a USERNOTICE.
    var isUserNotice: Bool { Self.userNotices.contains(self) }

    /// Carries an id with the room's sequence number.
    var isNumbered: Bool { self.command == "PRIVMSG" && self != .rawPrivmsg || self.isUserNotice }

    static let userNotices: Set<Self> = [
        .sub, .resub, .subgift, .submysterygift, .giftpaidupgrade, .anongiftpaidupgrade, .primepaidupgrade,
        .standardpayforward, .communitypayforward, .rewardgift, .raid, .unraid, .ritual, .bitsbadgetier,
        .announcement, .viewermilestone, .modiversary, .socialsharingbadge, .charitydonation, .sharedchatnotice,
    ]

    /// How often each kind comes up, out of the sum of all.
    static let weights: [(kind: Self, weight: Int)] =
        [
            (.message, 74_000), (.action, 1000), (.cheer, 900), (.reply, 9000), (.highlight, 400), (.reward, 500),
            (.gigantified, 200), (.animated, 100), (.gif, 150), (.skipSubsMode, 30), (.userIntro, 80),
            (.firstMessage, 1500), (.returningChatter, 800), (.emoteOnly, 6000), (.sharedChat, 800),
            (.sharedChatOrigin, 500), (.hypeChat, 20),
            (.sub, 300), (.resub, 500), (.subgift, 400), (.submysterygift, 60), (.raid, 20), (.announcement, 40),
            (.viewermilestone, 200), (.timeout, 350), (.ban, 100), (.clear, 6), (.deletion, 300), (.notice, 25),
            (.roomstate, 25),
        ]
        + [
            .giftpaidupgrade, .anongiftpaidupgrade, .primepaidupgrade, .standardpayforward, .communitypayforward,
            .rewardgift, .unraid, .ritual, .bitsbadgetier, .modiversary, .socialsharingbadge, .charitydonation,
            .sharedchatnotice,
        ].map { ($0, 12) }

    /// The generated kinds that a name selects: a kind's own name, or an IRC command.
    static func named(_ name: String) -> [Self] {
        self.weights.map(\.kind).filter { $0.rawValue == name || $0.command == name }
    }

    /// The kind that a raw line of this command is counted as.
    static func raw(_ command: String) -> Self {
        switch command {
        case "PRIVMSG": .rawPrivmsg
        case "USERNOTICE": .rawUsernotice
        case "CLEARCHAT": .rawClearchat
        case "CLEARMSG": .rawClearmsg
        case "NOTICE": .rawNotice
        case "ROOMSTATE": .rawRoomstate
        default: .rawOther
        }
    }
}

/// Draws kinds by weight in one table look-up.
struct KindTable: Sendable {
    private let table: [ChatKind]

    /// - Parameter kinds: the kinds to draw from; empty means all.
    init(_ kinds: Set<ChatKind> = []) {
        let chosen = ChatKind.weights.filter { kinds.isEmpty || kinds.contains($0.kind) }
        // Weights share a divisor only roughly; each chosen kind stays possible.
        let total = chosen.reduce(0) { $0 + $1.weight }
        let scale = max(1, total / 16_384)
        self.table = chosen.flatMap { Array(repeating: $0.kind, count: max(1, $0.weight / scale)) }
    }

    func next(_ random: inout SeededRandom) -> ChatKind {
        self.table.isEmpty ? .message : self.table[random.below(self.table.count)]
    }
}
