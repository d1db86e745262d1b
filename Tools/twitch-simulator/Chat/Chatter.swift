/// Somebody who chats: always the same id, name, colour and badges. The parts of a line that depend on the person
/// are rendered once.
struct Chatter: Sendable {
    let login: String
    let displayName: String
    let userID: String
    let color: String
    let badges: String
    let badgeInfo: String
    let isModerator: Bool
    let isSubscriber: Bool
    let isVIP: Bool

    /// `badge-info=…;badges=…;color=…;display-name=…;` and, as PRIVMSG has it, what stands before `room-id`,
    /// before `tmi-sent-ts` and before the channel.
    let head: [UInt8]
    let beforeRoom: [UInt8]
    let beforeTime: [UInt8]
    let beforeChannel: [UInt8]

    init(number: Int, random: inout SeededRandom) {
        let name = "\(random.pick(Vocabulary.adjectives))_\(random.pick(Vocabulary.nouns))"
        let login =
            number.isMultiple(of: 3) ? name.replacing("_", with: "") + "\(number)" : "\(name)\(number % 97)_\(number)"
        self.login = String(login.prefix(25))
        self.userID = String(800_000_000 + number)
        switch random.below(12) {
        case 0: self.displayName = "\(random.pick(Vocabulary.localNames))\(number)"
        case 1: self.displayName = ""
        case 2: self.displayName = "\(self.login.prefix(8)) Games"
        case 3, 4, 5: self.displayName = self.login
        default: self.displayName = self.login.prefix(1).uppercased() + self.login.dropFirst()
        }
        self.color = random.pick(Vocabulary.colours)
        self.isModerator = random.chance(3)
        self.isVIP = !self.isModerator && random.chance(3)
        self.isSubscriber = random.chance(35)
        let months = 1 + random.below(60)
        var badges: [String] = []
        if self.isModerator { badges.append("moderator/1") }
        if self.isVIP { badges.append("vip/1") }
        if self.isSubscriber { badges.append("subscriber/\(months / 6 * 6)") }
        if random.chance(6) { badges.append("sub-gifter/5") }
        if random.chance(5) { badges.append("bits/1000") }
        if random.chance(8) { badges.append("premium/1") }
        if random.chance(2) { badges.append("predictions/blue-1") }
        self.badges = badges.joined(separator: ",")
        self.badgeInfo = self.isSubscriber ? "subscriber/\(months)" : ""

        let name64 = TagValue.escape(self.displayName)
        self.head = Array(
            "badge-info=\(self.badgeInfo);badges=\(self.badges);color=\(self.color);display-name=\(name64);".utf8
        )
        self.beforeRoom = Array(";mod=\(self.isModerator ? 1 : 0);returning-chatter=0;room-id=".utf8)
        self.beforeTime = Array(";subscriber=\(self.isSubscriber ? 1 : 0);tmi-sent-ts=".utf8)
        let type = self.isModerator ? "mod" : ""
        self.beforeChannel = Array(
            ";turbo=0;user-id=\(self.userID);user-type=\(type)\(self.isVIP ? ";vip=1" : "") :\(self.login)!\(self.login)@\(self.login).tmi.twitch.tv PRIVMSG #"
                .utf8
        )
    }

    /// What people see.
    var shownName: String { self.displayName.isEmpty ? self.login : self.displayName }
}

/// IRCv3 tag values, written independently of the product's.
enum TagValue {
    static func escape(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case ";": result += "\\:"
            case " ": result += "\\s"
            case "\\": result += "\\\\"
            case "\r": result += "\\r"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
