import NIOCore

extension Simulator {
    /// `JOIN #a,#b`: each channel is an attempt.
    func join(_ list: String, _ connection: Connection) {
        guard let nick = connection.nick else { return }
        let limits = self.settings.limits
        let fresh = SlidingWindow(limit: limits.joinAttempts, length: Int64(limits.window * 1e9))
        for name in list.split(separator: ",") {
            self.counters.joinAttempts += 1
            guard self.joinWindows[nick, default: fresh].attempt(at: self.clock.uptime()) else {
                self.counters.joinRateViolations += 1
                self.violation("JOIN rate", connection: connection.id, detail: String(name))
                continue
            }
            let login = String(name.drop { $0 == "#" })
            guard name.hasPrefix("#"), self.exists(login) else { continue }
            self.enter(login, nick, connection)
        }
    }

    /// `PART #a,#b`.
    func leave(_ list: String, _ connection: Connection) {
        guard let nick = connection.nick else { return }
        for name in list.split(separator: ",") {
            let login = String(name.drop { $0 == "#" })
            guard connection.rooms.remove(login) != nil else { continue }
            self.rooms[login]?.remove(connection)
            self.counters.parts += 1
            self.reply([ServerLines.part(nick, login)], to: connection)
        }
    }

    /// One JOIN that is within the rate: refused, delayed, lost or done.
    private func enter(_ login: String, _ nick: String, _ connection: Connection) {
        let now = self.clock.uptime()
        if self.joinFaults.drops(login, at: now) { return }
        if let refusal = self.joinFaults.refusal(of: login, nick: nick, at: now) {
            guard let text = refusal.text(login) else { return }
            return self.reply([ServerLines.notice(refusal.rawValue, in: login, text)], to: connection)
        }
        if self.users.user(login: login)?.isSuspended == true {
            let text = JoinRefusal.suspended.text(login) ?? ""
            return self.reply([ServerLines.notice(JoinRefusal.suspended.rawValue, in: login, text)], to: connection)
        }
        let limit = self.settings.limits.roomsPerUser
        if limit > 0, !connection.rooms.contains(login), self.roomCount(of: nick) >= limit {
            self.violation("rooms per user", connection: connection.id, detail: login)
            let refusal = JoinRefusal.concurrentLimit
            return self.reply(
                [ServerLines.notice(refusal.rawValue, in: login, refusal.text(login) ?? "")],
                to: connection
            )
        }
        guard let delay = self.joinFaults.delay(login, at: now) else { return self.admit(login, nick, connection) }
        let id = connection.id
        self.eventLoop.scheduleTask(in: .milliseconds(delay)) {
            self.assumeIsolated {
                guard let connection = $0.connections[id], connection.hears else { return }
                $0.admit(login, nick, connection)
            }
        }
    }

    private func admit(_ login: String, _ nick: String, _ connection: Connection) {
        let room = self.room(login)
        // The answers go out before any chat of the room: what is being filled belongs to other rooms.
        var lines = [ServerLines.join(nick, login)] + ServerLines.names(nick, login)
        if !connection.isAnonymous { lines.append(ServerLines.userState(nick, in: login)) }
        lines.append(room.modes.full(roomID: room.roomID, login: login))
        self.reply(lines, to: connection)
        self.counters.joins += 1
        if connection.rooms.insert(login).inserted { room.readers.append(connection) }
        self.pumpSoon()
    }

    private func roomCount(of nick: String) -> Int {
        self.connections.values.reduce(0) { $1.nick == nick ? $0 + $1.rooms.count : $0 }
    }

    /// A client's PRIVMSG: everybody in the room but the sender gets it; the sender gets a USERSTATE.
    func say(_ line: ClientLine, from connection: Connection) {
        guard let nick = connection.nick, line.parameters.count == 2, !connection.isAnonymous else {
            if connection.isAnonymous { self.violation("PRIVMSG by an anonymous user", connection: connection.id) }
            return
        }
        let login = String(line.parameters[0].drop { $0 == "#" })
        guard connection.rooms.contains(login), let room = self.rooms[login] else { return }
        let sequence = room.nextSequence()
        let id = self.generator.messageID(room: room, sequence: sequence)
        let userID = self.userID(ofNick: nick)
        let tags =
            "@badge-info=;badges=;color=;display-name=\(nick);emotes=;first-msg=0;flags=;id=\(id);mod=0;"
            + "returning-chatter=0;room-id=\(room.roomID);subscriber=0;"
            + "tmi-sent-ts=\(self.clock.unixMilliseconds());turbo=0;user-id=\(userID);user-type="
        let text = "\(tags) :\(nick)!\(nick)@\(nick).tmi.twitch.tv PRIVMSG #\(login) :\(line.parameters[1])"
        self.deliver(Array("\(text)\r\n".utf8), .said, in: room, except: connection)
        self.reply([ServerLines.userState(nick, in: login, messageID: id)], to: connection)
    }
}
