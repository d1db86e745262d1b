/// Notices that the token file is another one than it was.
package struct TokenFileWatch: Sendable {
    private let path: String
    private var last: PrivateFile.Mark?

    /// The first look always counts as a change.
    package init(_ file: TokenFile) { self.path = file.path }

    /// Whether the file changed since the last call: it is always replaced, so that a half-written one is never seen.
    package mutating func hasChanged() -> Bool {
        let mark = PrivateFile.mark(self.path)
        guard mark != self.last else { return false }
        self.last = mark
        return true
    }

    /// The next look counts as a change: the file could not be read.
    package mutating func forget() { self.last = nil }
}
