/// One line that moves, where a person looks, and one line for each finished table everywhere.
struct MigrationProgress {
    private static let width = 30

    private let total: Int
    private let isInteractive: Bool
    private let write: (String) -> Void
    private let started = ContinuousClock.now
    private var done: Int
    private var fresh = 0
    private var shown: ContinuousClock.Instant?

    /// `write` gets what the terminal is to obey: nothing of it is from strangers.
    init(total: Int, done: Int, isInteractive: Bool, write: @escaping (String) -> Void) {
        self.total = total
        self.done = min(done, total)
        self.isInteractive = isInteractive
        self.write = write
    }

    mutating func advance(_ rows: Int, table: String) {
        done = min(total, done + rows)
        fresh += rows
        guard isInteractive, shown.map({ .now - $0 > .milliseconds(100) }) ?? true else { return }
        shown = .now
        write("\r\u{1B}[K" + line(table: table, seconds: (ContinuousClock.now - started) / .seconds(1)))
    }

    mutating func finish(table: String, rows: Int, copied: Int, new: Int) {
        let clear = isInteractive ? "\r\u{1B}[K" : ""
        let words = copied == 0 ? "nothing to do" : "\(copied) copied, \(copied - new) were there already"
        write("\(clear)\(table): \(rows) rows, \(words)\n")
    }

    /// `[██████░░░░] 60 %  chat_messages  600000 of 1000000 rows  31000/s  13 s left`
    func line(table: String, seconds: Double) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        var line = "[\(bar)] \(Int(share * 100)) %  \(table)  \(done) of \(total) rows"
        if seconds > 0.5, fresh > 0 {
            let rate = Double(fresh) / seconds
            line += "  \(Int(rate))/s  \(Int(Double(total - done) / rate)) s left"
        }
        return line
    }
}
