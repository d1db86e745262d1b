/// Draws the same lines again and again in one place of a terminal.
struct LiveScreen {
    private let terminal: Terminal
    private var drawn = 0

    init(_ terminal: Terminal) {
        self.terminal = terminal
        terminal.write("\u{1B}[?25l")
    }

    /// Replaces what was drawn before. Each line is cleared first, so that shorter ones leave nothing behind.
    mutating func draw(_ lines: [String]) {
        let shown = lines.prefix(max(1, terminal.size.rows - 1))
        var text = drawn > 0 ? "\u{1B}[\(drawn)F" : ""
        for line in shown { text += "\u{1B}[2K\(line)\n" }
        text += "\u{1B}[J"
        terminal.write(text)
        drawn = shown.count
    }

    /// Gives the cursor back.
    func finish() {
        terminal.write("\u{1B}[?25h")
    }
}
