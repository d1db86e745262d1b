// `struct stat` belongs to whichever of the C modules of Dispatch and Glibc the compiler met first.
import Dispatch
import FoundationEssentials
import Glibc
package import ServiceRuntime

/// `TWITCH_ACCESS_TOKEN` and `TWITCH_REFRESH_TOKEN` in the `.env` of the predecessor, kept fresh for it.
package struct EnvironmentTokens: Sendable {
    /// `.env` in the working directory, where settings are read from too.
    package let path: String

    private static let access = "TWITCH_ACCESS_TOKEN"
    private static let refresh = "TWITCH_REFRESH_TOKEN"

    /// `path` is of the `.env` file.
    package init(path: String = ".env") { self.path = path }

    /// Writes both tokens; other lines, comments and quotes stay. The file is replaced as a whole, and private then.
    ///
    /// A token that is nil leaves its line alone.
    package func write(access: Secret, refresh: Secret?) throws {
        let data = try PrivateFile.read(self.path) { _ in } ?? Data()
        let before = try self.text(data)
        var text = EnvironmentText(before)
        text.set(Self.access, to: access.reveal())
        if let refresh { text.set(Self.refresh, to: refresh.reveal()) }
        guard text.text != before else { return }
        try self.replace(self.path, with: text.text)
    }

    /// Takes both tokens out; other lines, comments, the file's mode and its owner stay. The file is replaced as a whole.
    ///
    /// Whether there was anything to take out.
    @discardableResult
    package func remove() throws -> Bool {
        // A link stays a link.
        let path = unsafe realpath(self.path, nil).map { resolved in
            defer { unsafe free(resolved) }
            return unsafe String(cString: resolved)
        }
        var status = stat()
        guard let path, unsafe stat(path, &status) == 0 else { return false }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TokenFileError.inputOutput(path: path, reason: "it cannot be read")
        }
        let before = try self.text(data)
        var text = EnvironmentText(before)
        text.remove(Self.access)
        text.remove(Self.refresh)
        guard text.text != before else { return false }
        try self.replace(path, with: text.text, as: status)
        return true
    }

    private func text(_ data: Data) throws(TokenFileError) -> String {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TokenFileError.inputOutput(path: self.path, reason: "it is not UTF-8")
        }
        return text
    }

    private func replace(_ path: String, with text: String, as old: stat? = nil) throws(TokenFileError) {
        let staged = path + ".new"
        try PrivateFile.stage(staged, Data(text.utf8), mode: old.map { $0.st_mode & 0o7777 } ?? 0o600)
        // Root may log out for somebody else; whoever may not give files away owns this one.
        if let old { _ = unsafe chown(staged, old.st_uid, old.st_gid) }
        do throws(TokenFileError) {
            try PrivateFile.commit(staged, as: path)
        } catch {
            PrivateFile.remove(staged)
            throw error
        }
    }
}
