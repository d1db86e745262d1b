/// What the generated channels stream with `--live`.
enum DemoStreams {
    private static let shows: [(category: String, titles: [String], tags: [String])] = [
        (
            "Just Chatting", ["Morning coffee and mail", "We plan the week, chat decides", "Q&A, ask me anything"],
            ["Chatty"]
        ),
        ("Tidebreaker", ["First playthrough, no spoilers please", "Boss 7, attempt 41"], ["Soulslike", "NoSpoilers"]),
        ("Kelp & Castle", ["Building the lighthouse | day 12", "Co-op with the crew"], ["Strategy", "Relaxing"]),
        ("Lantern Rally 3", ["Ranked until gold", "Community cup, round of 16"], ["Racing", "Competitive"]),
        ("Music", ["Writing a song from your words", "Vinyl evening: seven inches only"], ["Music", "Live"]),
        ("Deep Signal", ["Any% runs, PB is 41:07", "Glitch hunting with the route team"], ["Speedrun"]),
    ]
    private static let languages = ["en", "en", "en", "ja", "de", "es"]

    /// What a channel shows, the same for a seed; the first channels are watched most.
    static func info(_ login: String, rank: Int, seed: UInt64) -> StreamInfo {
        var random = SeededRandom(seed: seed ^ Hash.fnv1a("stream of \(login)"))
        let show = Self.shows[random.below(Self.shows.count)]
        let language = random.pick(Self.languages)
        return StreamInfo(
            title: random.pick(show.titles),
            category: show.category,
            viewers: 40 + (9000 + random.below(6000)) / (rank + 1),
            language: language,
            tags: show.tags + (language == "en" ? ["English"] : [])
        )
    }
}

extension Simulator {
    /// Puts the channels that chat is generated for on air.
    func startDemoStreams() {
        let now = self.now
        for (rank, login) in self.audience.channels.enumerated() {
            guard let user = self.users.id(of: login) else { continue }
            let stream = self.streams.start(
                user,
                DemoStreams.info(login, rank: rank, seed: self.settings.chat.seed),
                startedAt: self.clock.unixMilliseconds(),
                at: now,
                timing: StreamTiming(),
                movesViewers: true
            )
            self.streamHistory.started(stream, login: login, at: self.clock.unixMilliseconds())
        }
    }
}
