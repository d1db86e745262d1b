import Glibc
import ServiceRuntime
import SystemPackage

/// Standard output, and the terminal behind it, if there is one.
struct Terminal: Sendable {
    var descriptor: Int32

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = ErrorOutput()

    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// Columns and rows; 80 × 24 where it will not say.
    var size: (columns: Int, rows: Int) {
        var window = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return (80, 24) }
        return (Int(window.ws_col), max(1, Int(window.ws_row)))
    }

    /// Writes text in which whatever came from strangers was made harmless: ``Swift/StringProtocol/printable``.
    /// - Returns: False when it did not arrive: nobody reads any more, or writing failed, which ``StandardOutput`` has
    ///   reported.
    @discardableResult
    func write(_ text: String) -> Bool { StandardOutput.process.write(text) }

    /// Writes lines of JSON: on a terminal with what it may obey escaped, elsewhere as they are.
    @discardableResult
    func write(json text: String) -> Bool { write(isInteractive ? text.jsonForTerminals : text) }

    /// Writes lines as strangers wrote them: on a terminal with what it may obey escaped, elsewhere as they are.
    @discardableResult
    func write(foreign text: String) -> Bool { write(isInteractive ? text.linesForTerminals : text) }
}

/// Standard error. What is said there often repeats what others wrote, so nothing in it may steer a terminal.
struct ErrorOutput: Sendable {
    var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Text of our own that steers the terminal.
    func write(trusted text: String) { _ = FileDescriptor.standardError.writeWhole(text) }

    /// Where it cannot be written, nobody can be told.
    func write(_ text: String) { _ = FileDescriptor.standardError.writeWhole(text.linesForTerminals) }
}
