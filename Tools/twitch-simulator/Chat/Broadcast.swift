import NIOCore

/// What is said, and to whom: the pump that fills the readers' sockets and never more than they take.
extension Simulator {
    /// Lines generated in one go, before the loop serves its sockets again.
    private static let slice = 512

    // MARK: - When

    /// Runs the pump as soon as the loop is free.
    func pumpSoon() {
        guard !self.isPumpScheduled else { return }
        self.isPumpScheduled = true
        self.eventLoop.execute { self.assumeIsolated { $0.pump() } }
    }

    /// Plans the next look at the clock: a line that is due, or the keepalive.
    func scheduleTimer() {
        self.timer?.cancel()
        let now = self.clock.uptime()
        var wait = min(self.pacer.wait(at: now), self.replay?.pacer?.wait(at: now) ?? .max)
        wait = min(max(wait, 2_000_000), 100_000_000)
        self.timer = self.eventLoop.scheduleTask(in: .nanoseconds(wait)) {
            self.assumeIsolated { $0.tick() }
        }
    }

    func tick() {
        self.keepAlive(at: self.clock.uptime())
        self.pump()
        self.scheduleTimer()
    }

    /// Generates what is due and what bursts ask for, then lets the sockets take it.
    func pump() {
        self.isPumpScheduled = false
        let now = self.clock.uptime()
        let due = self.pacer.due(at: now, limit: Self.slice)
        if due > 0 { self.generate(due, at: now) }
        var more = due == Self.slice
        more = self.pumpReplay(at: now) || more
        more = self.pumpBursts(at: now) || more
        for connection in self.connections.values where connection.stalledUntil <= now {
            _ = connection.flush(self.wire)
        }
        self.finishBursts()
        if more { self.pumpSoon() }
    }

    // MARK: - At a rate

    private func generate(_ count: Int, at now: Int64) {
        let milliseconds = self.clock.unixMilliseconds()
        let joined = self.settings.chat.generatesForJoined ? self.joinedRooms() : []
        for _ in 0..<count {
            let room: Room
            if self.settings.chat.generatesForJoined {
                guard !joined.isEmpty else {
                    self.counters.unheardAnywhere += 1
                    continue
                }
                room = joined[Int(truncatingIfNeeded: self.audience.number() % UInt64(joined.count))]
            } else {
                guard let login = self.audience.next() else { return }
                room = self.room(login)
            }
            switch self.readiness(of: room, at: now) {
            case .empty where !self.isRemembered(room, at: milliseconds): room.unheard += 1
            case .blocked: room.withheld += 1
            case .empty, .ready: self.emit(self.generator.kinds.next(&room.random), in: room, at: milliseconds)
            }
        }
    }

    /// Whether what is said in a room without readers can be asked for later: then it goes on.
    private func isRemembered(_ room: Room, at milliseconds: Int64) -> Bool {
        !self.history.isIdle && self.history.records(room.login, at: milliseconds)
    }

    private func joinedRooms() -> [Room] {
        self.rooms.values.filter { !$0.readers.isEmpty }.sorted { $0.login < $1.login }
    }

    /// Whether a room's readers take chat.
    func readiness(of room: Room, at now: Int64) -> Readiness {
        var result = Readiness.empty
        for reader in room.readers where reader.hears {
            guard reader.isReady(at: now) else { return .blocked }
            result = .ready
        }
        return result
    }

    /// Generates one line and hands it to the room's readers.
    func emit(_ drawn: ChatKind, in room: Room, at milliseconds: Int64) {
        // Nothing to delete yet: somebody says something instead.
        let kind = drawn == .deletion && room.recent.isEmpty ? .message : drawn
        self.line.removeAll(keepingCapacity: true)
        self.generator.write(kind, in: room, at: milliseconds, to: &self.line)
        self.deliver(self.line, kind, in: room)
    }

    /// Hands a line to every reader of a room and counts it.
    func deliver(_ line: [UInt8], _ kind: ChatKind, in room: Room, except sender: Connection? = nil) {
        self.deliver(line, kind, command: kind.command, in: room, except: sender)
    }

    func deliver(_ line: [UInt8], _ kind: ChatKind, command: String, in room: Room, except sender: Connection? = nil) {
        if !self.history.isIdle {
            self.history.heard(line, command: command, in: room.login, at: self.clock.unixMilliseconds())
        }
        var isHeard = false
        for reader in room.readers where reader !== sender {
            if reader.append(line, command: command, wire: self.wire, isChat: true) { isHeard = true }
        }
        if isHeard { room.offered[kind, default: 0] += 1 } else { room.unheard += 1 }
    }

    // MARK: - Bursts

    /// Starts a burst.
    ///
    /// - Returns: what succeeds when all is written.
    func burst(channels: [String], count: Int, kinds: Set<ChatKind>) -> EventLoopFuture<BurstResult> {
        let promise = self.eventLoop.makePromise(of: BurstResult.self)
        let burst = Burst(
            id: self.nextBurst,
            channels: channels,
            remaining: count,
            kinds: KindTable(kinds),
            promise: promise
        )
        self.nextBurst += 1
        self.bursts.append(burst)
        self.pumpSoon()
        return promise.futureResult
    }

    /// - Returns: whether there is more to do without waiting for a socket.
    private func pumpBursts(at now: Int64) -> Bool {
        var more = false
        for index in self.bursts.indices {
            var burst = self.bursts[index]
            let milliseconds = self.clock.unixMilliseconds()
            var left = Self.slice
            var blocked = 0
            while left > 0, burst.remaining > 0, blocked < burst.channels.count {
                let room = self.room(burst.channels[burst.next])
                burst.next = (burst.next + 1) % burst.channels.count
                switch self.readiness(of: room, at: now) {
                case .blocked:
                    blocked += 1
                    continue
                case .empty where !self.isRemembered(room, at: milliseconds):
                    room.unheard += 1
                    burst.unheard += 1
                case .empty, .ready: self.emit(&burst, in: room, at: milliseconds)
                }
                blocked = 0
                burst.remaining -= 1
                left -= 1
            }
            more = more || burst.remaining > 0 && blocked < burst.channels.count
            self.bursts[index] = burst
        }
        return more
    }

    private func emit(_ burst: inout Burst, in room: Room, at milliseconds: Int64) {
        let before = room.sequence
        var kind = burst.kinds.next(&room.random)
        if kind == .deletion, room.recent.isEmpty { kind = .message }
        self.emit(kind, in: room, at: milliseconds)
        var part = burst.result[room.login] ?? BurstResult.Channel()
        part.lines += 1
        part.kinds[kind.rawValue, default: 0] += 1
        if room.sequence > before {
            if part.firstSequence == nil { part.firstSequence = room.sequence }
            part.lastSequence = room.sequence
        }
        burst.result[room.login] = part
    }

    /// Answers the bursts that are done, once the sockets have taken all of it.
    private func finishBursts() {
        for burst in self.bursts where burst.remaining == 0 {
            var result = BurstResult(offered: burst.result, unheard: burst.unheard)
            for (login, part) in burst.result {
                let room = self.room(login)
                result.offered[login]?.firstID = part.firstSequence.map {
                    self.generator.messageID(room: room, sequence: $0)
                }
                result.offered[login]?.lastID = part.lastSequence.map {
                    self.generator.messageID(room: room, sequence: $0)
                }
            }
            let written = self.connections.values.compactMap(\.lastWrite)
            let answer = result
            EventLoopFuture.andAllComplete(written, on: self.eventLoop).whenComplete { _ in
                burst.promise.succeed(answer)
            }
        }
        self.bursts.removeAll { $0.remaining == 0 }
    }

    // MARK: - Replay

    /// Delivers the next lines of the file. A line waits until its channel has a reader.
    ///
    /// - Returns: whether there is more to do without waiting.
    private func pumpReplay(at now: Int64) -> Bool {
        guard var replay = self.replay else { return false }
        defer { self.replay = replay }
        var left = replay.pacer?.due(at: now, limit: Self.slice) ?? Self.slice
        let isPaced = replay.pacer != nil
        while left > 0, let line = replay.next {
            let rooms = line.channel.map { [self.room($0)] } ?? self.joinedRooms()
            guard !rooms.isEmpty, rooms.allSatisfy({ self.readiness(of: $0, at: now) == .ready }) else { return false }
            if let room = line.channel.map({ self.room($0) }) {
                self.deliver(line.bytes, ChatKind.raw(line.command), command: line.command, in: room)
            } else {
                for connection in self.connections.values where connection.isLoggedIn {
                    connection.append(line.bytes, command: line.command, wire: self.wire, isChat: true)
                }
            }
            replay.position += 1
            left -= 1
        }
        return !isPaced && replay.next != nil
    }
}

/// Whether a room's readers take chat now.
enum Readiness {
    /// Nobody is there.
    case empty
    /// Somebody's socket is full or stalled.
    case blocked
    case ready
}
