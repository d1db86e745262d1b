import Hummingbird

/// `POST /users/rename`.
struct RenameRequest: Decodable, Sendable {
    var from: String
    var to: String
    var displayName: String?
}

/// `POST /users/suspend` and `/users/restore`.
struct UserRequest: Decodable, Sendable {
    var login: String
}

/// The answer of `POST /users/…`.
struct UserResult: Codable, Sendable, Equatable {
    var userID: String
    var login: String
    var displayName: String

    private enum CodingKeys: String, CodingKey {
        case userID = "userId"
        case login
        case displayName
    }
}

extension ControlServer {
    /// The control of accounts.
    static func addUsers(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        router.post("users/rename") { request, _ in
            try await Self.with(RenameRequest.self, request) { try Self.json(await simulator.rename($0)) }
        }
        for (name, isSuspended) in [("suspend", true), ("restore", false)] {
            router.post("users/\(name)") { request, _ in
                try await Self.with(UserRequest.self, request) {
                    try Self.json(await simulator.suspend($0.login, isSuspended))
                }
            }
        }
    }
}

extension Simulator {
    /// Renames an account. Its id, tokens and stream stay; its room moves: whoever is in the old one hears nothing any
    /// more, without a word about it, and a JOIN of the old login gets no answer.
    fileprivate func rename(_ request: RenameRequest) throws -> UserResult {
        guard Login.isValid(request.to) else {
            throw ControlError("to: '\(request.to)' is no login (1 to 25 of a-z, 0-9, _)")
        }
        guard !self.users.isTaken(request.to) else { throw ControlError("to: the login '\(request.to)' is taken") }
        _ = try self.userID(of: request.from)
        let renamed = self.users.rename(request.from, to: request.to, displayName: request.displayName)
        guard let user = renamed else { throw ControlError("from: nobody has the login '\(request.from)'") }
        if let room = self.rooms[request.from] {
            for reader in room.readers { reader.rooms.remove(request.from) }
            room.readers = []
        }
        let channels = self.audience.channels
        if channels.contains(request.from) {
            self.setChannels(channels.map { $0 == request.from ? request.to : $0 })
        }
        // A login that somebody gave up earlier may have a room of another id.
        if let room = self.rooms[request.to] { self.retire(room, for: user.id) }
        self.pumpSoon()
        return UserResult(userID: user.id, login: user.login, displayName: user.displayName)
    }

    private func retire(_ room: Room, for id: String) {
        guard room.roomID != id else { return }
        for reader in room.readers { reader.rooms.remove(room.login) }
        self.rooms[room.login] = Room(succeeding: room, roomID: id, seed: self.settings.chat.seed)
    }

    fileprivate func suspend(_ login: String, _ isSuspended: Bool) throws -> UserResult {
        _ = try self.userID(of: login)
        guard let user = self.users.suspend(login, isSuspended) else {
            throw ControlError("login: nobody has the login '\(login)'")
        }
        return UserResult(userID: user.id, login: user.login, displayName: user.displayName)
    }
}
