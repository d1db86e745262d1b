/// Who has which login: an id never changes, a login may.
///
/// Any login belongs to somebody as soon as it is asked for, except one that was given up by a rename.
struct UserDirectory: Sendable {
    /// An account.
    struct User: Sendable, Equatable {
        let id: String
        var login: String
        var displayName: String
        var isSuspended = false
    }

    private var ids: [String: String] = [:]
    private var users: [String: User] = [:]
    private var vacated: Set<String> = []

    /// Gives a login an id of one's own choice.
    mutating func register(_ login: String, id: String) {
        self.ids[login] = id
        self.users[id] = User(id: id, login: login, displayName: Self.displayName(of: login))
    }

    /// The account of a login; `nil` when its owner has renamed it.
    mutating func user(login: String) -> User? {
        if let id = self.ids[login] { return self.users[id] }
        guard !self.vacated.contains(login) else { return nil }
        var id = Login.userID(of: login)
        while self.users[id] != nil { id = String((Int(id) ?? 0) + 1) }
        self.register(login, id: id)
        return self.users[id]
    }

    /// The account of an id that was seen before.
    func user(id: String) -> User? { self.users[id] }

    /// The id of a login; `nil` when its owner has renamed it.
    mutating func id(of login: String) -> String? { self.user(login: login)?.id }

    /// The present login of an id.
    func login(of id: String) -> String? { self.users[id]?.login }

    /// Gives an account another login. The old one belongs to nobody then.
    ///
    /// - Returns: the account; `nil` when nobody has the old login.
    mutating func rename(_ login: String, to new: String, displayName: String? = nil) -> User? {
        guard var user = self.user(login: login) else { return nil }
        self.ids[login] = nil
        self.vacated.insert(login)
        self.vacated.remove(new)
        user.login = new
        user.displayName = displayName ?? Self.displayName(of: new)
        self.ids[new] = user.id
        self.users[user.id] = user
        return user
    }

    /// Suspends an account, or lets it back.
    mutating func suspend(_ login: String, _ isSuspended: Bool) -> User? {
        guard var user = self.user(login: login) else { return nil }
        user.isSuspended = isSuspended
        self.users[user.id] = user
        return user
    }

    /// Whether the login is somebody's already, as far as anybody has asked.
    func isTaken(_ login: String) -> Bool { self.ids[login] != nil }

    /// Whether the login's owner has renamed it and nobody else took it.
    func isVacated(_ login: String) -> Bool { self.vacated.contains(login) }

    private static func displayName(of login: String) -> String { login.prefix(1).uppercased() + login.dropFirst() }
}
