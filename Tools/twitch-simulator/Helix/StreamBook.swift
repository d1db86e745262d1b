/// Who is live, and what is known of each channel.
struct StreamBook: Sendable {
    /// The streams of each user that Get Streams may still list, the newest last.
    private var streams: [String: [LiveStream]] = [:]
    /// Title, category, language and tags stay with the channel after a stream.
    private var channels: [String: StreamInfo] = [:]
    private var nextID: Int64

    /// - Parameter firstID: the id of the first stream; ids of two runs must differ.
    init(firstID: Int64) { self.nextID = firstID }

    /// The stream that a user is really in.
    func live(_ user: String) -> LiveStream? { self.streams[user]?.last.flatMap { $0.endedAt == nil ? $0 : nil } }

    /// What the channel page says.
    func channel(_ user: String) -> StreamInfo { self.channels[user] ?? StreamInfo() }

    /// What Get Streams lists; of one user the newest stream it knows of, never two.
    func listed(at now: Int64) -> [LiveStream] {
        self.streams.values.compactMap { streams in streams.last { $0.isListed(at: now) } }
    }

    /// Puts a user on air; `startedAt` is Unix time in milliseconds.
    mutating func start(
        _ user: String,
        _ info: StreamInfo,
        startedAt: Int64,
        at now: Int64,
        timing: StreamTiming,
        movesViewers: Bool = false
    ) -> LiveStream {
        let stream = LiveStream(
            id: String(self.nextID),
            userID: user,
            info: info,
            startedAt: startedAt,
            begunAt: now,
            timing: timing,
            movesViewers: movesViewers
        )
        self.nextID += 1
        self.streams[user, default: []].removeAll { $0.isOver(at: now) }
        self.streams[user, default: []].append(stream)
        self.channels[user] = info
        return stream
    }

    /// Changes what is said of a user's stream, or of the channel when it is offline.
    ///
    /// - Returns: the stream, if there is one.
    mutating func change(_ user: String, _ request: StreamRequest, at now: Int64, lag: Int64) -> LiveStream? {
        var info = self.live(user)?.info ?? self.channel(user)
        info.change(request)
        self.channels[user] = info
        guard self.live(user) != nil, let last = self.streams[user]?.indices.last else { return nil }
        self.streams[user]?[last].change(info, at: now, lag: lag)
        return self.streams[user]?[last]
    }

    /// Ends a user's stream.
    ///
    /// - Returns: the stream; `nil` when there is none.
    mutating func end(_ user: String, at now: Int64, timing: StreamTiming) -> LiveStream? {
        guard self.live(user) != nil, let last = self.streams[user]?.indices.last else { return nil }
        self.streams[user]?[last].end(at: now, timing: timing)
        return self.streams[user]?[last]
    }
}
