import Yams

/// Joins `CHANNELS` and the text of a channels file into one list; touches no disk.
package struct ChannelListBuilder {
    /// What was found so far.
    package private(set) var list = ChannelList(logins: [], userIDs: [], warnings: [])

    /// Where each login was first named.
    private var origins: [String: String] = [:]

    /// An empty list.
    package init() {}

    /// Adds the items of `CHANNELS`: logins, user ids, addresses of channels' pages.
    package mutating func add(names: [String]) throws {
        for name in names {
            if case .userID(let id) = ChannelReference(name) {
                self.add(userID: id, at: "CHANNELS")
            } else {
                try self.add(login: name, at: "CHANNELS")
            }
        }
    }

    /// Adds the channels of a file in the predecessor's format; `path` is for messages.
    package mutating func add(file text: String, path: String) throws {
        self.list.file = path
        let file = try YAMLFile(parsing: text, path: path)
        guard let root = file.root, root.scalar == nil || root.textUnlessNull != nil else {
            throw ConfigurationError("\(path): the file is empty; add 'channels:' and below it '- user_login: <login>'")
        }
        guard let mapping = root.mapping else {
            throw ConfigurationError("\(path)\(root.position): expected 'channels:' at the top, found \(root.kind)")
        }
        var sawChannels = false
        var unknown: [Node] = []
        for (key, value) in mapping {
            switch key.textUnlessNull {
            case "channels":
                sawChannels = true
                try self.add(channels: value, path: path)
            case "scheduler":
                try self.add(scheduler: value, path: path)
            // What others refer to with '<<' is no setting.
            case let name? where file.anchored.contains(name): break
            default: unknown.append(key)
            }
        }
        if !sawChannels { throw ConfigurationError("\(path): 'channels:' is missing; add it with a list of channels") }
        for key in unknown { try self.judge(unknown: key, among: ["channels", "scheduler"], path: path) }
    }

    private mutating func add(channels node: Node, path: String) throws {
        if node.textUnlessNull == nil, node.scalar != nil { return }
        guard let entries = node.sequence else {
            throw ConfigurationError("\(path)\(node.position): 'channels' must be a list, found \(node.kind)")
        }
        for entry in entries {
            let place = "\(path)\(entry.position)"
            if let login = entry.textUnlessNull {
                try self.add(login: login, at: place)
            } else if let mapping = entry.mapping {
                try self.add(channel: mapping, at: place, path: path)
            } else {
                throw ConfigurationError("\(place): a channel must be 'user_login: <login>', found \(entry.kind)")
            }
        }
    }

    private mutating func add(channel: Node.Mapping, at place: String, path: String) throws {
        var login: (text: String, place: String)?
        var userID: String?
        var isEnabled = true
        var unknown: [Node] = []
        for (key, value) in channel {
            let place = "\(path)\(value.position)"
            switch key.textUnlessNull {
            case "user_login": login = try Self.text(value, "user_login", place).map { ($0, place) }
            case "user_id": userID = try Self.text(value, "user_id", place)
            case "enabled": isEnabled = try Self.flag(value, "enabled", place)
            // For people only, so that nothing they write there can be wrong.
            case "display_name", "notes": break
            default: unknown.append(key)
            }
        }
        if login == nil, userID == nil, let key = unknown.first {
            throw ConfigurationError(
                "\(path)\(key.position): '\(key.textUnlessNull ?? key.kind)' is not known, and the entry names no channel; "
                    + "expected user_login or user_id"
            )
        }
        for key in unknown {
            try self.judge(unknown: key, among: Self.keys, harmless: ["display_name", "notes"], path: path)
        }
        if let userID, !userID.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw ConfigurationError("\(place): user_id '\(userID)' is not a number; copy the id, or use user_login")
        }
        if let login {
            // An entry that is off is still checked: it will be switched on one day.
            let added = try self.add(login: login.text, at: login.place, isEnabled: isEnabled)
            if let added, let userID { self.list.idsOfLogins[added] = userID }
        } else if let userID {
            if isEnabled { self.add(userID: userID, at: place) }
        } else {
            self.list.warnings.append("\(place): a channel without user_login and user_id is skipped")
        }
    }

    private mutating func add(userID: String, at place: String) {
        guard !self.list.userIDs.contains(userID) else {
            self.list.warnings.append("\(place): user_id \(userID) was already named; it is collected once")
            return
        }
        self.list.userIDs.append(userID)
    }

    /// The login as it is listed; nil where it is off or was listed before.
    @discardableResult
    private mutating func add(login text: String, at place: String, isEnabled: Bool = true) throws -> String? {
        var login = text.trimmingWhitespace()
        if let name = ChannelReference.login(inAddress: login) {
            login = name
            self.list.warnings.append("\(place): '\(text)' is taken as '\(name)': the login is the name in the address")
        } else if login.hasPrefix("#") {
            login.removeFirst()
            self.list.warnings.append("\(place): '\(text)' is taken as '\(login)': a login has no '#'")
        }
        if login.contains(where: \.isUppercase), login.utf8.allSatisfy({ $0 < 0x80 }) {
            let lowered = login.lowercased()
            self.list.warnings.append("\(place): '\(login)' is taken as '\(lowered)': logins are lower-case")
            login = lowered
        }
        guard ChannelList.isLogin(login) else {
            throw ConfigurationError(
                "\(place): '\(text)' is not a Twitch login; expected 1 to 25 letters, digits and _, "
                    + "as in the channel's address"
            )
        }
        guard isEnabled else { return nil }
        if let origin = self.origins[login] {
            self.list.warnings.append("\(place): '\(login)' was already named in \(origin); it is collected once")
            return nil
        }
        self.origins[login] = place
        self.list.logins.append(login)
        return login
    }

    private mutating func add(scheduler node: Node, path: String) throws {
        if node.textUnlessNull == nil, node.scalar != nil { return }
        guard let mapping = node.mapping else {
            throw ConfigurationError("\(path)\(node.position): 'scheduler' must hold settings, found \(node.kind)")
        }
        let known = ["interval_minutes", "reconnect_interval", "max_reconnect_attempts"]
        for (key, value) in mapping {
            guard let name = key.textUnlessNull, known.contains(name) else {
                try self.judge(unknown: key, among: known, path: path)
                continue
            }
            guard let text = value.textUnlessNull else { continue }
            guard name == "interval_minutes" else {
                guard let number = Int(text), (1...1_000_000).contains(number) else {
                    throw ConfigurationError(
                        "\(path)\(value.position): \(name) is '\(text)'; expected a whole number from 1"
                    )
                }
                continue
            }
            guard let minutes = Double(text), (0.05...10_000).contains(minutes) else {
                throw ConfigurationError(
                    "\(path)\(value.position): interval_minutes is '\(text)'; expected minutes from 0.05, "
                        + "such as 1 or 0.5"
                )
            }
            self.list.pollInterval = .milliseconds(Int64((minutes * 60_000).rounded()))
        }
    }

    private static let keys = ["user_login", "user_id", "display_name", "enabled", "notes"]

    /// What people write who mean `enabled: false`.
    private static let switches: Set<String> = ["disabled", "disable", "enable", "active", "inactive", "skip", "off"]

    /// A key that means nothing here is ignored with a warning; one that was most likely meant to be another would not be
    /// obeyed, so the file is refused. What resembles a `harmless` key changes nothing either way.
    private mutating func judge(unknown key: Node, among known: [String], harmless: [String] = [], path: String) throws
    {
        let name = key.textUnlessNull ?? key.kind
        let lowered = name.lowercased()
        let isSwitch = known.contains("enabled") && Self.switches.contains(lowered)
        let meant = isSwitch ? "enabled" : Spelling.closest(to: lowered, among: known)
        let place = "\(path)\(key.position): '\(name)' is not known"
        guard let meant, !harmless.contains(meant) else {
            self.list.warnings.append(place + " and ignored" + (meant.map { "; did you mean '\($0)'?" } ?? ""))
            return
        }
        throw ConfigurationError(place + "; did you mean '\(meant)'?")
    }

    /// Numbers are accepted as text: `user_id: 12345` needs no quotes.
    private static func text(_ node: Node, _ name: String, _ place: String) throws -> String? {
        guard node.scalar != nil else {
            throw ConfigurationError("\(place): \(name) must be a single value, found \(node.kind)")
        }
        return node.textUnlessNull.flatMap { $0.trimmingWhitespace().isEmpty ? nil : $0 }
    }

    private static func flag(_ node: Node, _ name: String, _ place: String) throws -> Bool {
        guard let text = try Self.text(node, name, place) else {
            throw ConfigurationError("\(place): \(name) has no value; expected true or false")
        }
        guard let flag = BooleanText.parse(text) else {
            throw ConfigurationError("\(place): \(name) is '\(text)'; expected true or false")
        }
        return flag
    }
}
