import Protocol
import ServiceRuntime
import TwitchAPI

/// Who the wanted channels are: which id a login meant when it was looked up first, and which login the id has today.
/// No I/O, no clock.
///
/// A login is looked up once. From then on the channel is its id: when it is renamed it is followed, and whoever takes
/// the old login is somebody else.
struct ChannelDirectory: Hashable, Sendable, Codable {
    /// A Twitch account as Get Users last told it.
    struct Account: Hashable, Sendable, Codable {
        var login: String
        var name: String
        var checkedAt: Timestamp
    }

    /// What is to be looked up now.
    struct Questions: Hashable, Sendable {
        var logins: [String] = []
        var ids: [String] = []

        var isEmpty: Bool { logins.isEmpty && ids.isEmpty }
    }

    /// Accounts are looked up again after this time: renames are rare, and Twitch has no news of them.
    static let refresh = Duration.seconds(86_400)
    /// What Twitch does not know may be there later, as when a suspension ends: one request asks for a hundred of them.
    static let retry = Duration.seconds(60)
    /// Where something speaks for a rename, not more often than this.
    static let suspicion = Duration.seconds(600)

    /// Accounts by user id, of listed channels and of what the journal told of.
    private(set) var accounts: [String: Account] = [:]
    /// The user ids that listed channels were found to have.
    private var found: [ChannelListing: String] = [:]
    /// When Twitch said that it does not know them.
    private var unknownSince: [ChannelListing: Timestamp] = [:]
    private var listings: [ChannelListing] = []
    /// Ids that the list gives beside logins.
    private var idsOfLogins: [String: String] = [:]

    /// Other channels are wanted from now on; what is no longer wanted is forgotten.
    mutating func want(_ list: ChannelList) {
        listings = ChannelListing.all(of: list)
        idsOfLogins = list.idsOfLogins
        let wanted = Set(listings)
        found = found.filter { wanted.contains($0.key) }
        unknownSince = unknownSince.filter { wanted.contains($0.key) }
        forgetUnused()
    }

    /// The ids of all channels that were found, each once, in the order of the list.
    var userIDs: [String] {
        var seen: Set<String> = []
        return listings.compactMap { found[$0] }.filter { seen.insert($0).inserted }
    }

    /// How many channels are listed.
    var wanted: Int { listings.count }

    /// Whether it is known of every listed channel who it is, or that nobody is.
    var isSettled: Bool { listings.allSatisfy { found[$0] != nil || unknownSince[$0] != nil } }

    /// What Twitch does not know, as the list names it.
    var unknown: [String] { listings.filter { unknownSince[$0] != nil }.map(\.text) }

    /// The state that others ask for.
    var state: ChannelsState {
        let channels = listings.compactMap { listing -> ChannelsState.Channel? in
            guard let id = found[listing], let account = accounts[id] else { return nil }
            return .init(listedAs: listing.text, userID: id, userLogin: account.login, userName: account.name)
        }
        return ChannelsState(channels: channels, unknown: unknown)
    }

    /// What to ask Get Users: what was never found, and what was looked up long ago.
    func questions(at now: Timestamp) -> Questions {
        var questions = Questions()
        for listing in listings where found[listing] == nil {
            if let since = unknownSince[listing], now < since.advanced(by: Self.retry) { continue }
            switch listing {
            case .login(let login): questions.logins.append(login)
            case .id(let id): questions.ids.append(id)
            }
            if case .login(let login) = listing, let id = idsOfLogins[login] { questions.ids.append(id) }
        }
        for id in userIDs {
            guard let account = accounts[id], now >= account.checkedAt.advanced(by: Self.refresh) else { continue }
            questions.ids.append(id)
        }
        return questions
    }

    /// What Get Users answered.
    /// - Parameters:
    ///   - users: The users it knows.
    ///   - asked: Only what was answered: a failed request says nothing.
    ///   - now: When it was asked.
    /// - Returns: Who is new or has another name.
    mutating func learnt(_ users: [HelixUser], asked: Questions, at now: Timestamp) -> [UserUpdate] {
        let logins = Set(asked.logins)
        let ids = Set(asked.ids)
        let byLogin = Dictionary(users.map { ($0.login, $0.id) }, uniquingKeysWith: { first, _ in first })
        let known = Set(users.map(\.id))
        for listing in listings where found[listing] == nil {
            let id: String?
            switch listing {
            case .login(let login):
                guard logins.contains(login) else { continue }
                id = byLogin[login] ?? idsOfLogins[login].flatMap { known.contains($0) ? $0 : nil }
            case .id(let listed):
                guard ids.contains(listed) else { continue }
                id = known.contains(listed) ? listed : nil
            }
            found[listing] = id
            unknownSince[listing] = id == nil ? now : nil
        }
        // Suspended or deleted: the id stays, and is asked for again tomorrow.
        for id in ids where accounts[id] != nil { accounts[id]?.checkedAt = now }
        let updates = users.compactMap { note($0, at: now) }
        forgetUnused()
        return updates
    }

    /// A stream was shown under another login than the account's: the account is to be looked up again. Caches may be
    /// older than what is known, so this alone proves nothing.
    mutating func suspect(_ id: String, hasLogin login: String, at now: Timestamp) {
        guard let account = accounts[id], !login.isEmpty, account.login != login,
            now >= account.checkedAt.advanced(by: Self.suspicion)
        else { return }
        accounts[id]?.checkedAt = Timestamp(rawValue: 0)
    }

    /// What the journal accepted and the saved state lacks.
    mutating func replay(_ update: UserUpdate) {
        accounts[update.userID] = Account(login: update.userLogin, name: update.userName, checkedAt: update.observedAt)
    }
}

extension ChannelDirectory {
    private mutating func note(_ user: HelixUser, at now: Timestamp) -> UserUpdate? {
        guard found.values.contains(user.id) else { return nil }
        let before = accounts[user.id]
        accounts[user.id] = Account(login: user.login, name: user.displayName, checkedAt: now)
        if let before, before.login == user.login, before.name == user.displayName { return nil }
        return UserUpdate(
            userID: user.id,
            userLogin: user.login,
            userName: user.displayName,
            previousUserLogin: before.flatMap { $0.login == user.login ? nil : $0.login },
            observedAt: now
        )
    }

    /// Not before it is known who the listed channels are: an account may be one of them, told of in an earlier run.
    private mutating func forgetUnused() {
        guard isSettled else { return }
        let used = Set(found.values)
        accounts = accounts.filter { used.contains($0.key) }
    }
}
