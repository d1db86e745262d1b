import NIOWebSocket

/// The login rules: capabilities, PASS before NICK, anonymous names.
enum Login {
    /// A login: 1 to 25 lowercase letters, digits and underscores.
    static func isValid(_ login: String) -> Bool {
        (1...25).contains(login.utf8.count)
            && login.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    /// `justinfan` and digits: reads without an account.
    static func isAnonymous(_ nick: String) -> Bool {
        nick.hasPrefix("justinfan") && nick.count > 9 && nick.dropFirst(9).allSatisfy { ("0"..."9").contains($0) }
    }

    /// The id of an account or room, stable over runs.
    static func userID(of login: String) -> String { String(700_000_000 + Hash.fnv1a(login) % 200_000_000) }
}

extension Simulator {
    /// Everything in one WebSocket message of a client.
    func received(_ text: String, from id: Int) {
        guard let connection = self.connections[id], connection.hears else { return }
        for piece in text.split(whereSeparator: \.isNewline) where !connection.isClosing {
            guard let line = ClientLine(piece) else { continue }
            self.obey(line, from: connection)
        }
    }

    private func obey(_ line: ClientLine, from connection: Connection) {
        switch line.command {
        case "CAP": self.negotiate(line, with: connection)
        case "PASS":
            if !connection.isLoggedIn { connection.pass = line.parameters.first ?? "" }
        case "NICK":
            if !connection.isLoggedIn { self.logIn(line.parameters.first ?? "", connection) }
        case "USER", "QUIT":
            if line.command == "QUIT" { self.hangUp(connection, code: .normalClosure) }
        case "PING":
            let text = line.parameters.first
            let answer = text.map { ":tmi.twitch.tv PONG tmi.twitch.tv :\($0)" } ?? "PONG :tmi.twitch.tv"
            self.reply([answer], to: connection)
        case "PONG":
            if line.parameters.first == "tmi.twitch.tv" {
                connection.pingSentAt = nil
            } else {
                self.violation("PONG with another text", connection: connection.id)
            }
        case "JOIN", "PART", "PRIVMSG":
            guard connection.isLoggedIn else {
                return self.violation("\(line.command) before login", connection: connection.id)
            }
            self.obeyInRooms(line, from: connection)
        default:
            self.reply([ServerLines.unknownCommand(line.command, connection.nick ?? "*")], to: connection)
        }
    }

    private func obeyInRooms(_ line: ClientLine, from connection: Connection) {
        switch line.command {
        case "JOIN": self.join(line.parameters.first ?? "", connection)
        case "PART": self.leave(line.parameters.first ?? "", connection)
        default: self.say(line, from: connection)
        }
    }

    private func negotiate(_ line: ClientLine, with connection: Connection) {
        let nick = connection.nick ?? "*"
        switch line.parameters.first?.uppercased() {
        case "REQ":
            let names = line.parameters.dropFirst().joined(separator: " ").split(separator: " ").map(String.init)
            let known = names.compactMap(Capability.init(rawValue:))
            guard known.count == names.count, !names.isEmpty else {
                return self.reply([":tmi.twitch.tv CAP * NAK :\(names.joined(separator: " "))"], to: connection)
            }
            connection.capabilities.formUnion(known)
            self.reply([":tmi.twitch.tv CAP * ACK :\(names.joined(separator: " "))"], to: connection)
        case "LS":
            let all = Capability.allCases.map(\.rawValue).joined(separator: " ")
            self.reply([":tmi.twitch.tv CAP * LS :\(all)"], to: connection)
        case "END": break
        default:
            self.reply([":tmi.twitch.tv 410 \(nick) :Invalid CAP command"], to: connection)
        }
    }

    private func logIn(_ nick: String, _ connection: Connection) {
        self.counters.loginAttempts += 1
        guard Login.isValid(nick) else { return self.refuse(connection, "Invalid NICK") }
        let limits = self.settings.limits
        let window = Int64(limits.window * 1e9)
        let fresh = SlidingWindow(limit: limits.loginAttempts, length: window)
        guard self.loginWindows[nick, default: fresh].attempt(at: self.clock.uptime()) else {
            self.violation("login rate", connection: connection.id, detail: nick)
            return self.refuse(connection, "Login unsuccessful")
        }
        if !self.loginFaults.isEmpty { return self.refuse(connection, self.loginFaults.removeFirst()) }
        connection.isAnonymous = Login.isAnonymous(nick)
        if !connection.isAnonymous, let refusal = self.refusal(of: connection.pass, for: nick) {
            return self.refuse(connection, refusal)
        }
        connection.nick = nick
        connection.isLoggedIn = true
        self.counters.logins += 1
        var lines = ServerLines.welcome(nick)
        if !connection.isAnonymous {
            lines.append(ServerLines.globalUserState(nick, userID: self.userID(ofNick: nick)))
        }
        self.reply(lines, to: connection)
    }

    /// Why an account's login fails; `nil` when it does not.
    private func refusal(of pass: String?, for nick: String) -> String? {
        guard let pass, pass.hasPrefix("oauth:"), pass.count > 6 else { return "Improperly formatted auth" }
        let token = String(pass.dropFirst(6))
        guard !self.settings.login.refusedTokens.contains(token) else { return "Login authentication failed" }
        return self.isGood(token, for: nick) ? nil : "Login authentication failed"
    }

    /// Whether a token lets a nick in: one of `--account`, or a user token with `chat:read` that was issued.
    private func isGood(_ token: String, for nick: String) -> Bool {
        let accounts = self.settings.login.accounts
        if accounts[token] == nick { return true }
        if let issued = self.authorization.live(token, at: self.now), let user = issued.userID {
            return issued.scopes?.contains("chat:read") == true && self.users.login(of: user) == nick
        }
        // As long as no token was ever given out, any will do.
        return accounts.isEmpty && !self.authorization.hasIssuedUserTokens
            && !self.authorization.settings.strictTokens
            && self.authorization.accessTokens[token] == nil
    }

    func userID(ofNick nick: String) -> String { self.users.id(of: nick) ?? Login.userID(of: nick) }

    private func refuse(_ connection: Connection, _ notice: String) {
        self.counters.loginsRefused += 1
        self.reply([ServerLines.notice(notice)], to: connection)
        self.hangUp(connection, code: .normalClosure)
    }
}
