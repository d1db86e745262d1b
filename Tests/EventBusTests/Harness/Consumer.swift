import EventBus
import Protocol
import Testing

/// A consumer that keeps what it got and checks that every partition continues exactly where it was.
struct Consumer {
    private(set) var cursors: [String: [Int: Offset]] = [:]
    /// The `raw` text of each event, by channel, in order of arrival.
    private(set) var texts: [String: [String]] = [:]
    private(set) var events = 0
    private(set) var hellos: [ProducerHello] = []
    private(set) var truncated: [(partition: Int, after: Offset, through: Offset)] = []
    private(set) var missed: [(partition: Int, after: Offset, through: Offset)] = []
    private(set) var silent: [String] = []
    private(set) var overruns: [(partition: Int, offset: Offset, head: Offset)] = []
    /// Those whose journals are kept for another database.
    private(set) var refusing: Set<String> = []
    var begin: EventFollower.Start?

    init(cursors: [String: [Int: Offset]] = [:]) {
        self.cursors = cursors
    }

    /// Takes until `isDone`, or fails after a generous while.
    mutating func take(
        from follower: EventFollower,
        limit: Int = 512,
        _ what: Comment,
        until isDone: (Consumer) async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !isDone(self) {
            guard ContinuousClock.now < end else {
                Issue.record("never: \(what); \(events) events came")
                return
            }
            guard let batch = await follower.next(limit, atLeast: 1, within: .milliseconds(20)) else {
                Issue.record("the follower has stopped before: \(what)")
                return
            }
            for event in batch { try await handle(event, follower) }
        }
    }

    mutating func take(_ count: Int, from follower: EventFollower, limit: Int = 512) async throws {
        try await take(from: follower, limit: limit, "\(count) events") { $0.events >= count }
    }

    private mutating func handle(_ event: BusEvent, _ follower: EventFollower) async throws {
        switch event {
        case .producer(let hello):
            hellos.append(hello)
            await follower.follow(hello.producer, from: begin ?? .after(cursors[hello.producer] ?? [:]))
        case .event(let event):
            let last = cursors[event.producer]?[event.partition] ?? .zero
            #expect(event.offset > last, "an event came twice")
            if begin == nil { #expect(event.previous <= last, "an event is missing") }
            cursors[event.producer, default: [:]][event.partition] = event.offset
            let envelope = try #require(FrameText(event))
            texts[envelope.login, default: []].append(envelope.raw)
            events += 1
        case .truncated(let producer, let partition, let after, let through):
            truncated.append((partition, after, through))
            cursors[producer, default: [:]][partition] = through
        case .missed(let producer, let partition, let after, let through):
            missed.append((partition, after, through))
            cursors[producer, default: [:]][partition] = through
        case .silent(let producer):
            silent.append(producer)
        case .overrun(let producer, let partition, let offset, let head):
            overruns.append((partition, offset, head))
            cursors[producer, default: [:]][partition] = head
            await follower.follow(producer, from: .after(cursors[producer] ?? [:]))
        case .acknowledged(let producer, let refusal):
            if refusal != nil { refusing.insert(producer) } else { refusing.remove(producer) }
        }
    }
}

/// What the tests' own drafts say: `{"raw":"text"}` under `chat.pNN.login.type`.
struct FrameText {
    var login: String
    var raw: String

    init?(_ event: ReceivedEvent) {
        let topic = String(decoding: event.topic, as: UTF8.self).split(separator: ".")
        let json = String(decoding: event.json, as: UTF8.self)
        guard topic.count > 3, let start = json.firstRange(of: #""raw":""#)?.upperBound,
            let end = json[start...].firstIndex(of: "\"")
        else { return nil }
        login = String(topic[2])
        // Padding that makes an event large is no text.
        raw = String(json[start..<end].prefix { $0 != "x" })
    }
}

/// Texts `0`, `1`, … as they were published.
func numbers(_ range: Range<Int>) -> [String] { range.map(String.init) }
