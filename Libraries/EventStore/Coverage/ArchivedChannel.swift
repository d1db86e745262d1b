package import Protocol

/// A channel that an archive knows sessions of, under all its names.
package struct ArchivedChannel: Hashable, Sendable {
    /// A user id and a login that belong together, as one row tells it.
    package struct Name: Hashable, Sendable {
        /// Empty where none was known.
        package var userID: String
        package var login: String
        /// When the name was last in use.
        package var lastUsedAt: Timestamp?

        package init(userID: String, login: String, lastUsedAt: Timestamp?) {
            self.userID = userID
            self.login = login
            self.lastUsedAt = lastUsedAt
        }
    }

    /// The login by which it is known now, or by which it was asked for.
    package var login: String
    /// More than one where a login was given to somebody else.
    package var userIDs: [String]
    package var logins: [String]
    /// Whether any row tells of it; false for a login that was asked for and that nobody ever listened to.
    package var isKnown = true

    package init(login: String, userIDs: [String], logins: [String]) {
        self.login = login
        self.userIDs = userIDs
        self.logins = logins
    }

    /// The partitions that its events were in.
    package var partitions: Set<Int> { Set(logins.map { Partition.of($0) }) }

    /// Whoever has or had a login; also one that no row knows.
    package init(login: String, among names: [Name]) {
        let ids = Set(names.filter { $0.login == login && !$0.userID.isEmpty }.map(\.userID))
        let logins = names.filter { ids.contains($0.userID) }.map(\.login)
        self.init(login: login, userIDs: ids.sorted(), logins: Set(logins + [login]).sorted())
        isKnown = names.contains { $0.login == login }
    }

    /// Everybody, by login: those with an id under the name used last, those without under each name.
    package static func all(_ names: [Name]) -> [ArchivedChannel] {
        let known = Dictionary(grouping: names.filter { !$0.userID.isEmpty }, by: \.userID)
        var channels = known.compactMap { id, names -> ArchivedChannel? in
            let latest = names.max {
                ($0.lastUsedAt?.rawValue ?? .min, $0.login) < ($1.lastUsedAt?.rawValue ?? .min, $1.login)
            }
            return latest.map {
                ArchivedChannel(login: $0.login, userIDs: [id], logins: Set(names.map(\.login)).sorted())
            }
        }
        let told = Set(channels.flatMap(\.logins))
        channels += Set(names.map(\.login)).subtracting(told).map {
            ArchivedChannel(login: $0, userIDs: [], logins: [$0])
        }
        return channels.sorted { ($0.login, $0.userIDs.first ?? "") < ($1.login, $1.userIDs.first ?? "") }
    }
}
