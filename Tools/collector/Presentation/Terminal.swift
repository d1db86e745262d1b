import Glibc

/// The terminal behind a file descriptor, if there is one.
struct Terminal: Sendable {
    var descriptor: Int32

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// Columns and rows; 80 × 24 where it will not say.
    var size: (columns: Int, rows: Int) {
        var window = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return (80, 24) }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// Writes everything, whatever the kernel takes at once.
    /// - Returns: False when nobody reads any more.
    @discardableResult
    func write(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR || errno == EAGAIN else { return false }
                continue
            }
            bytes = bytes.dropFirst(written)
        }
        return true
    }
}
