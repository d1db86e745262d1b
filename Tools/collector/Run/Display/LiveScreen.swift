/// Draws the same lines again and again on a terminal.
///
/// Nothing depends on what the terminal makes of a line: each begins at an address of its own, none is wider than the
/// terminal as we count, and what the terminal counts otherwise does not wrap. The whole is painted anew now and
/// then and whenever the terminal's size has changed.
struct LiveScreen {
    /// Gives the cursor and the wrapping of lines back.
    static let restoration = "\u{1B}[?7h\u{1B}[?25h"

    private static let hidden = "\u{1B}[?25l\u{1B}[?7l"
    /// Drawings between two that clear the screen first.
    private static let repaint = 40

    private let size: () -> (columns: Int, rows: Int)
    private let write: (String) -> Void
    private var drawings = 0
    private var shown = 0
    private var last: (columns: Int, rows: Int) = (0, 0)

    init(_ terminal: Terminal) {
        self.init(size: { terminal.size }, write: { terminal.write($0) })
    }

    /// What was on the terminal before scrolls away, where the terminal keeps it.
    init(size: @escaping () -> (columns: Int, rows: Int), write: @escaping (String) -> Void) {
        self.size = size
        self.write = write
        write(String(repeating: "\n", count: size().rows) + Self.hidden)
    }

    /// Replaces what was drawn before. One row stays free for the prompt that comes after.
    mutating func draw(_ lines: [String]) {
        let size = size()
        let isNew = size != last || drawings.isMultiple(of: Self.repaint)
        // Set each time: a program that was in front meanwhile may have changed it.
        var text = Self.hidden + (isNew ? "\u{1B}[H\u{1B}[2J" : "")
        let visible = lines.prefix(max(1, size.rows - 1))
        for (index, line) in visible.enumerated() {
            text += "\u{1B}[\(index + 1);1H\u{1B}[2K" + TextWidth.fit(styled: line, in: size.columns) + "\u{1B}[0m"
        }
        text += "\u{1B}[\(visible.count + 1);1H\u{1B}[J"
        write(text)
        drawings += 1
        shown = visible.count
        last = size
    }

    /// Leaves what was drawn last, with the cursor below it.
    func finish() {
        write("\u{1B}[\(shown + 1);1H" + Self.restoration)
    }
}
