import FoundationEssentials
package import ServiceRuntime

/// `TWITCH_ACCESS_TOKEN` and `TWITCH_REFRESH_TOKEN` in the `.env` of the predecessor, kept fresh for it.
package struct EnvironmentTokens: Sendable {
    /// `.env` in the working directory, where settings are read from too.
    package let path: String

    /// `path` is of the `.env` file.
    package init(path: String = ".env") { self.path = path }

    /// Writes both tokens; other lines, comments and quotes stay. The file is replaced as a whole, and private then.
    ///
    /// A token that is nil leaves its line alone.
    package func write(access: Secret, refresh: Secret?) throws {
        let data = try PrivateFile.read(self.path) { _ in } ?? Data()
        guard let before = String(validating: data, as: UTF8.self) else {
            throw TokenFileError.inputOutput(path: self.path, reason: "it is not UTF-8")
        }
        var text = EnvironmentText(before)
        text.set("TWITCH_ACCESS_TOKEN", to: access.reveal())
        if let refresh { text.set("TWITCH_REFRESH_TOKEN", to: refresh.reveal()) }
        guard text.text != before else { return }
        let staged = self.path + ".new"
        try PrivateFile.stage(staged, Data(text.text.utf8))
        do throws(TokenFileError) {
            try PrivateFile.commit(staged, as: self.path)
        } catch {
            PrivateFile.remove(staged)
            throw error
        }
    }
}
