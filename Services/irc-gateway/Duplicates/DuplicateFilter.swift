/// Remembers what was seen for at least ten minutes, in bounded memory.
///
/// Keys live in a row of generations. A new one begins every two minutes and the oldest is dropped as a whole, so nothing
/// is stored beside the key itself. Under more load than `limit` allows, generations become shorter instead of larger.
struct DuplicateFilter: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let span: Duration
    private let kept: Int
    private let limit: Int
    private var generations: [KeyTable] = []
    private var current: KeyTable
    private var began: Instant

    /// Everything is remembered for at least `memory`, unless more than `limit` keys come in that time.
    init(memory: Duration = .seconds(600), limit: Int = 3_000_000, now: Instant = .now) {
        kept = 5
        span = memory / kept
        self.limit = limit / (kept + 1)
        current = KeyTable(expected: 1024)
        began = now
    }

    /// Keys remembered.
    var count: Int { generations.reduce(current.count) { $0 + $1.count } }
    /// Bytes of all tables.
    var bytes: Int { generations.reduce(current.bytes) { $0 + $1.bytes } }

    /// True the first time a key comes, false when it is a duplicate.
    mutating func insert(_ key: UInt128, at now: Instant) -> Bool {
        while now - began >= span { rotate(at: began + span, jumpTo: now) }
        if current.count >= limit { rotate(at: now, jumpTo: now) }
        for generation in generations where generation.contains(key) { return false }
        return current.insert(key)
    }

    private mutating func rotate(at start: Instant, jumpTo now: Instant) {
        // After a long silence everything is too old: no need to walk through the empty generations one by one.
        if now - start >= span * kept {
            generations = []
            current = KeyTable(expected: 1024)
            began = now
            return
        }
        let expected = max(1024, current.count)
        generations.insert(current, at: 0)
        if generations.count > kept { generations.removeLast() }
        current = KeyTable(expected: min(expected, limit))
        began = start
    }
}
