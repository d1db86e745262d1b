import Foundation

/// Get Users, Get Streams, Get Channel Information.
extension Simulator {
    private static let most = 100

    // MARK: - Get Users

    func getUsers(_ query: FormFields, _ caller: HelixCaller) throws(HelixRefusal) -> HelixList {
        let ids = query.all("id")
        let logins = query.all("login")
        // Whether 100 is the sum of both is not known: the stricter reading.
        guard ids.count + logins.count <= Self.most else { throw .tooMany("id and login") }
        guard ids.allSatisfy(Self.isID), logins.allSatisfy(Login.isValid) else { throw .invalidUsers }
        var found: [UserDirectory.User] = []
        if ids.isEmpty, logins.isEmpty {
            guard let own = caller.userID.flatMap({ self.users.user(id: $0) }) else { throw .nobody }
            found = [own]
        } else {
            found = ids.compactMap { self.users.user(id: $0) } + logins.compactMap { self.knownUser($0) }
        }
        var seen: Set<String> = []
        return HelixList(
            items: found.filter { !$0.isSuspended && seen.insert($0.id).inserted }.map { user in
                self.json(user, withEmail: user.id == caller.userID && caller.scopes.contains("user:read:email"))
            }
        )
    }

    /// The user of a login that exists.
    private func knownUser(_ login: String) -> UserDirectory.User? {
        guard self.users.isTaken(login) || self.exists(login) else { return nil }
        return self.users.user(login: login)
    }

    private func json(_ user: UserDirectory.User, withEmail: Bool) -> JSONValue {
        let hash = Hash.fnv1a(user.id)
        let images = "https://static-cdn.jtvnw.net/jtv_user_pictures/\(user.id)"
        var keys: [String: JSONValue] = [
            "id": .string(user.id),
            "login": .string(user.login),
            "display_name": .string(user.displayName),
            "type": "",
            "broadcaster_type": .string(["", "affiliate", "partner"][Int(hash % 3)]),
            "description": "Invented by the simulator.",
            "profile_image_url": .string("\(images)-profile_image-300x300.png"),
            "offline_image_url": "",
            "view_count": 0,
            // Some day after 2015, the same in every run.
            "created_at": .string(Self.timestamp(1_420_070_400_000 + Int64(hash % 315_360_000) * 1000)),
        ]
        if withEmail { keys["email"] = .string("\(user.login)@example.com") }
        return .object(keys)
    }

    // MARK: - Get Streams

    func getStreams(_ query: FormFields) throws(HelixRefusal) -> HelixList {
        let ids = query.all("user_id")
        let logins = query.all("user_login")
        for (name, values) in [("user_id", ids), ("user_login", logins), ("game_id", query.all("game_id"))] {
            guard values.count <= Self.most else { throw .tooMany(name) }
        }
        guard ids.allSatisfy(Self.isID), logins.allSatisfy(Login.isValid),
            query.all("type").allSatisfy({ ["all", "live"].contains($0) })
        else { throw .malformed }
        let page = try HelixPage(query)
        let now = self.now
        let games = query.all("game_id")
        let languages = query.all("language")
        let matching = self.streams.listed(at: now).compactMap { stream -> Listed? in
            guard let user = self.users.user(id: stream.userID), !user.isSuspended else { return nil }
            let info = stream.shown(at: now)
            if !ids.isEmpty || !logins.isEmpty, !ids.contains(user.id), !logins.contains(user.login) { return nil }
            if !games.isEmpty, !games.contains(info.categoryID) { return nil }
            if !languages.isEmpty, !languages.contains(info.language) { return nil }
            return Listed(stream: stream, user: user, info: info)
        }
        // The most watched first: with viewers that move, items change pages between two requests.
        let ordered = matching.sorted { ($1.info.viewers, $0.stream.id) < ($0.info.viewers, $1.stream.id) }
        let (items, cursor) = page.cut(ordered)
        return HelixList(items: items.map(\.json), isPaged: true, cursor: cursor)
    }

    /// A stream as Get Streams has it.
    private struct Listed {
        let stream: LiveStream
        let user: UserDirectory.User
        let info: StreamInfo

        var json: JSONValue {
            [
                "id": .string(self.stream.id),
                "user_id": .string(self.user.id),
                "user_login": .string(self.user.login),
                "user_name": .string(self.user.displayName),
                "game_id": .string(self.info.categoryID),
                "game_name": .string(self.info.category),
                "type": "live",
                "title": .string(self.info.title),
                "tags": .strings(self.info.tags),
                "viewer_count": .number(self.info.viewers),
                "started_at": .string(Simulator.timestamp(self.stream.startedAt)),
                "language": .string(self.info.language),
                "thumbnail_url": .string(
                    "https://static-cdn.jtvnw.net/previews-ttv/live_user_\(self.user.login)-{width}x{height}.jpg"
                ),
                "tag_ids": [],
                "is_mature": false,
            ]
        }
    }

    // MARK: - Get Channel Information

    func getChannels(_ query: FormFields) throws(HelixRefusal) -> HelixList {
        let ids = query.all("broadcaster_id")
        guard !ids.isEmpty else { throw .missing("broadcaster_id") }
        guard ids.count <= Self.most else { throw .tooMany("broadcaster_id") }
        guard ids.allSatisfy(Self.isID) else { throw .malformed }
        let users = ids.compactMap { self.users.user(id: $0) }.filter { !$0.isSuspended }
        return HelixList(
            items: users.map { user in
                let info = self.streams.channel(user.id)
                return [
                    "broadcaster_id": .string(user.id),
                    "broadcaster_login": .string(user.login),
                    "broadcaster_name": .string(user.displayName),
                    "broadcaster_language": .string(info.language),
                    "game_id": .string(info.categoryID),
                    "game_name": .string(info.category),
                    "title": .string(info.title),
                    "delay": 0,
                    "tags": .strings(info.tags),
                    "content_classification_labels": [],
                    "is_branded_content": false,
                ]
            }
        )
    }

    private static func isID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// RFC 3339 with seconds, as Twitch writes times.
    static func timestamp(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
