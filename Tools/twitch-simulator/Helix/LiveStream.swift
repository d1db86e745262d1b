import Foundation

/// One stream, and what Get Streams says of it: late, and hesitating at its start and end.
///
/// Times are milliseconds of uptime, but for `startedAt`.
struct LiveStream: Sendable {
    /// A time in which Get Streams lists the stream in some answers and not in others.
    struct Flapping: Sendable {
        let from: Int64
        let until: Int64
        /// Whether the stream is live behind it all.
        let isStart: Bool

        /// Whether the stream is listed, by twelfths of the time. At the start it is seen, lost and seen again; at the
        /// end lost and seen once more; in between chance decides, the same in every run.
        func lists(_ id: String, at now: Int64) -> Bool {
            let slot = (now - self.from) * 12 / max(1, self.until - self.from)
            switch slot {
            case ...0: return self.isStart
            case 1: return !self.isStart
            case 11...: return self.isStart
            default: return Hash.fnv1a("\(id)/\(slot)/\(self.isStart)") >> 20 % 100 >= 40
            }
        }
    }

    let id: String
    let userID: String
    /// Unix time, milliseconds.
    let startedAt: Int64
    /// When it began, and when Get Streams may first know.
    let begunAt: Int64
    let listedFrom: Int64
    /// Whether its viewers come and go by themselves.
    let movesViewers: Bool
    private(set) var endedAt: Int64?
    private var listedUntil = Int64.max
    private var flapping: [Flapping] = []
    /// What is said of it and since when Get Streams knows, the oldest first.
    private var infos: [(from: Int64, info: StreamInfo)]

    init(
        id: String,
        userID: String,
        info: StreamInfo,
        startedAt: Int64,
        begunAt: Int64,
        timing: StreamTiming,
        movesViewers: Bool = false
    ) {
        self.id = id
        self.userID = userID
        self.startedAt = startedAt
        self.begunAt = begunAt
        self.listedFrom = begunAt + timing.lag
        self.movesViewers = movesViewers
        self.infos = [(begunAt, info)]
        if timing.flapping > 0 {
            self.flapping = [
                Flapping(from: self.listedFrom, until: self.listedFrom + timing.flapping, isStart: true)
            ]
        }
    }

    /// What is really the case.
    var info: StreamInfo { self.infos.last?.info ?? StreamInfo() }

    mutating func change(_ info: StreamInfo, at now: Int64, lag: Int64) {
        self.infos.append((now + lag, info))
        // What is superseded for good need not be kept.
        while self.infos.count > 1, self.infos[1].from <= now { self.infos.removeFirst() }
    }

    mutating func end(at now: Int64, timing: StreamTiming) {
        self.endedAt = now
        self.listedUntil = now + max(timing.lag, timing.flapping)
        self.flapping.removeAll { $0.until > now }
        if timing.flapping > 0 {
            self.flapping.append(Flapping(from: now, until: now + timing.flapping, isStart: false))
        }
    }

    /// Whether Get Streams lists it.
    func isListed(at now: Int64) -> Bool {
        guard self.listedFrom <= now, now < self.listedUntil else { return false }
        guard let flapping = self.flapping.first(where: { $0.from <= now && now < $0.until }) else { return true }
        return flapping.lists(self.id, at: now)
    }

    /// Whether Get Streams will never list it again.
    func isOver(at now: Int64) -> Bool { self.listedUntil <= now }

    /// What Get Streams says of it.
    func shown(at now: Int64) -> StreamInfo {
        var info = self.infos.last { $0.from <= now }?.info ?? self.infos[0].info
        if self.movesViewers { info.viewers = self.viewers(around: info.viewers, at: now) }
        return info
    }

    /// Viewers gather in the first minutes, then sway in waves of some minutes with a little noise.
    private func viewers(around usual: Int, at now: Int64) -> Int {
        let age = Double(now - self.begunAt) / 1000
        let phase = Double(Hash.fnv1a(self.id) % 628) / 100
        let gathered = 0.35 + 0.65 * (1 - exp(-age / 240))
        let wave = 0.10 * sin(age / 190 + phase) + 0.05 * sin(age / 47 + 2 * phase)
        let noise = Double(Hash.fnv1a("\(self.id)/\(now / 20_000)") % 1000) / 1000 * 0.06 - 0.03
        return max(1, Int(Double(usual) * gathered * (1 + wave + noise)))
    }
}

/// How late and how uncertain Get Streams is about a start or an end; milliseconds.
struct StreamTiming: Sendable, Equatable {
    var lag: Int64 = 0
    var flapping: Int64 = 0
}
