import Foundation
import NIOCore
import NIOPosix
import NIOWebSocket

extension Simulator {
    /// Makes something go wrong.
    func inflict(_ fault: Fault, _ request: FaultRequest) -> FaultResult {
        switch fault {
        case .close: self.each(request) { self.close($0, request) }
        case .reconnect: self.each(request) { self.announceReconnect($0, request) }
        case .stall: self.each(request) { self.stall($0, request) }
        case .halfOpen: self.each(request) { self.halfOpen($0) }
        case .garbage: self.each(request) { self.sendGarbage($0, request) }
        case .duplicate: self.each(request) { self.duplicate($0, request) }
        case .banReader: self.each(request) { self.ban($0, request) }
        case .part: self.each(request) { self.dropFromRooms($0, request) }
        case .refuseJoin, .delayJoin, .dropJoin: self.addJoinFault(fault, request)
        case .refuseLogin: self.refuseLogins(request)
        case .clear: self.clearFaults()
        }
    }

    private func selected(_ request: FaultRequest) -> [Connection] {
        self.connections.values.filter { connection in
            guard !connection.isClosing else { return false }
            if let ids = request.connections, !ids.contains(connection.id) { return false }
            if let nicks = request.nicks, !nicks.contains(connection.nick ?? "") { return false }
            if let channels = request.channels, connection.rooms.isDisjoint(with: channels) { return false }
            return true
        }.sorted { $0.id < $1.id }
    }

    private func each(_ request: FaultRequest, _ act: (Connection) -> Int) -> FaultResult {
        var result = FaultResult()
        for connection in self.selected(request) {
            result.connections.append(connection.id)
            result.count += act(connection)
        }
        return result
    }

    /// The rooms of a connection that a request means.
    private func rooms(of connection: Connection, _ request: FaultRequest) -> [String] {
        connection.rooms.filter { request.channels?.contains($0) ?? true }.sorted()
    }

    // MARK: - Connections

    private func close(_ connection: Connection, _ request: FaultRequest) -> Int {
        switch request.how {
        case "reset":
            connection.isClosing = true
            self.reset(connection.channel)
        case "fin":
            connection.isClosing = true
            connection.channel.close(promise: nil)
        default:
            self.hangUp(connection, code: request.code.map { WebSocketErrorCode(codeNumber: Int($0)) } ?? .goingAway)
        }
        return 1
    }

    /// Closes without lingering: the peer sees a reset.
    private func reset(_ channel: any Channel) {
        guard let socket = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func announceReconnect(_ connection: Connection, _ request: FaultRequest) -> Int {
        self.reply([ServerLines.reconnect], to: connection)
        let id = connection.id
        self.eventLoop.scheduleTask(in: .milliseconds(request.closeAfterMilliseconds ?? 30_000)) {
            self.assumeIsolated {
                if let connection = $0.connections[id] { $0.hangUp(connection) }
            }
        }
        return 1
    }

    private func stall(_ connection: Connection, _ request: FaultRequest) -> Int {
        let milliseconds = request.durationMilliseconds ?? 10_000
        connection.stalledUntil = self.clock.uptime() + milliseconds * 1_000_000
        connection.channel.setOption(.autoRead, value: false).whenComplete { _ in }
        let id = connection.id
        self.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { self.assumeIsolated { $0.endStall(id) } }
        return 1
    }

    private func endStall(_ id: Int) {
        guard let connection = self.connections[id], connection.hears else { return }
        guard connection.stalledUntil <= self.clock.uptime() else { return }
        connection.channel.setOption(.autoRead, value: true).whenComplete { _ in }
        _ = connection.flush(self.wire)
        self.pumpSoon()
    }

    private func halfOpen(_ connection: Connection) -> Int {
        _ = connection.flush(self.wire)
        connection.isHalfOpen = true
        connection.channel.setOption(.autoRead, value: false).whenComplete { _ in }
        self.pumpSoon()
        return 1
    }

    // MARK: - Lines

    private func duplicate(_ connection: Connection, _ request: FaultRequest) -> Int {
        let wanted = request.lines ?? 10
        connection.endMessage(self.wire)
        var lines: [ArraySlice<UInt8>] = []
        for message in connection.recent.reversed() where lines.count < wanted {
            let pieces = Array(message.readableBytesView).split(separator: 10)
            lines = Array((pieces + lines).suffix(wanted))
        }
        let now = self.clock.uptime()
        guard connection.isReady(at: now), !lines.isEmpty else { return 0 }
        var buffer = connection.channel.allocator.buffer(capacity: lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            buffer.writeBytes(line)
            buffer.writeInteger(UInt8(10))
            if let login = Replay.line(Array(line)).channel { self.rooms[login]?.redelivered += 1 }
        }
        connection.send(buffer, self.wire)
        self.flush(connection)
        return lines.count
    }

    private func sendGarbage(_ connection: Connection, _ request: FaultRequest) -> Int {
        connection.endMessage(self.wire)
        var random = SeededRandom(seed: request.seed ?? 1)
        let kinds = request.what ?? Garbage.harmless
        for _ in 0..<(request.count ?? 1) {
            for kind in kinds { kind.send(to: connection, self.wire, &random) }
        }
        self.flush(connection)
        return kinds.count * (request.count ?? 1)
    }

    // MARK: - Rooms

    /// Bans a reader: it is parted from the room, and its JOINs are refused.
    private func ban(_ connection: Connection, _ request: FaultRequest) -> Int {
        guard let nick = connection.nick else { return 0 }
        let until = request.durationMilliseconds.map { self.clock.uptime() + $0 * 1_000_000 } ?? .max
        let rooms = self.rooms(of: connection, request)
        for login in rooms { self.joinFaults.refuse(login, nick: nick, with: .banned, until: until) }
        return self.dropFromRooms(connection, request)
    }

    private func dropFromRooms(_ connection: Connection, _ request: FaultRequest) -> Int {
        guard let nick = connection.nick else { return 0 }
        let rooms = self.rooms(of: connection, request)
        for login in rooms {
            connection.rooms.remove(login)
            self.rooms[login]?.remove(connection)
            if request.silent != true { self.reply([ServerLines.part(nick, login)], to: connection) }
        }
        return rooms.count
    }

    private func addJoinFault(_ fault: Fault, _ request: FaultRequest) -> FaultResult {
        let now = self.clock.uptime()
        let channels: [String?] = request.channels ?? [nil]
        let count = request.count ?? (fault == .dropJoin ? 1 : .max)
        for channel in channels {
            switch fault {
            case .dropJoin: self.joinFaults.drop(channel, count: count)
            case .delayJoin:
                self.joinFaults.delay(channel, milliseconds: request.durationMilliseconds ?? 5000, count: count)
            default:
                let until = request.durationMilliseconds.map { now + $0 * 1_000_000 } ?? .max
                self.joinFaults.refuse(channel, with: request.with ?? .suspended, count: count, until: until)
            }
        }
        return FaultResult(count: channels.count)
    }

    private func refuseLogins(_ request: FaultRequest) -> FaultResult {
        let notice = request.notice ?? "Login authentication failed"
        let count = min(request.count ?? 1, 1000)
        self.loginFaults += Array(repeating: notice, count: count)
        return FaultResult(count: count)
    }

    private func clearFaults() -> FaultResult {
        self.joinFaults.clear()
        self.loginFaults = []
        self.oauthFaults.clear()
        self.helixFaults.clear()
        self.historyFaults.clear()
        for connection in self.connections.values where connection.stalledUntil > 0 {
            connection.stalledUntil = 0
            self.endStall(connection.id)
        }
        return FaultResult()
    }
}
