import FoundationEssentials

/// The token file, `STATE_DIR/tokens.json`: mode 0600, replaced as a whole, synced with its folder.
///
/// Changes are made under a short lock, so that the token service and `collector auth` never overwrite each other. All
/// calls wait for the disk: not for the cooperative pool.
package struct TokenFile: Sendable {
    /// The format that is written, and the newest that is read.
    package static let format = 1

    /// `STATE_DIR/tokens.json`.
    package let path: String
    /// Told one line when the file was readable by others; it is private again by then.
    package var onWarning: @Sendable (String) -> Void = { _ in }
    /// Told before and after the moment that makes a change durable: for tests that end the process there.
    package var onStep: @Sendable (Step) -> Void = { _ in }

    /// The steps of a change.
    package enum Step: Hashable, Sendable {
        /// The new content is on disk beside the old one.
        case staged
        /// The new content is the content.
        case committed
    }

    /// `directory` is `STATE_DIR`; it has to exist.
    package init(directory: String) { self.path = "\(directory)/tokens.json" }

    private var staged: String { self.path + ".new" }

    /// What the file holds; nil when there is none.
    package func read() throws(TokenFileError) -> StoredTokens? {
        try self.content(of: self.path).map { data throws(TokenFileError) in try self.decoded(data, self.path) }
    }

    /// Changes the content under the lock. What `change` throws leaves the file as it was, and so does changing nothing.
    /// Should the lock file be removed meanwhile, `change` is applied again to what is there then.
    @discardableResult
    package func update<Result>(_ change: (inout StoredTokens) throws -> Result) throws -> Result {
        for _ in 0..<Self.attempts {
            let lock = try FileLock.wait(for: self.path + ".lock")
            let result: Result? = try withExtendedLifetime(lock) {
                try self.finishInterruptedChange()
                let before = try self.read()
                var tokens = before ?? StoredTokens()
                let result = try change(&tokens)
                guard tokens != before else { return result }
                // Without its name the lock keeps nobody out: what was read may be old by now.
                guard lock.isCurrent else { return nil }
                try self.replace(with: tokens)
                return result
            }
            if let result { return result }
        }
        throw TokenFileError.inputOutput(path: self.path, reason: "somebody removes its lock file again and again")
    }

    private static let attempts = 5

    /// Completes a change whose process was killed between writing and renaming: its content is whole and newer.
    package func recover() throws {
        let lock = try FileLock.wait(for: self.path + ".lock")
        try withExtendedLifetime(lock) { try self.finishInterruptedChange() }
    }

    /// Moves a damaged file out of the way, to `tokens.json.damaged-<n>`, so that a login can begin anew.
    ///
    /// Returns where it is now; nil when the file is not damaged. Throws `newerFormat` for a file of a newer version, which
    /// stays where it is.
    package func setDamagedAside() throws -> String? {
        let lock = try FileLock.wait(for: self.path + ".lock")
        return try withExtendedLifetime(lock) {
            do {
                _ = try self.read()
                return nil
            } catch TokenFileError.damaged {
                var number = 1
                while PrivateFile.mark("\(self.path).damaged-\(number)") != .missing { number += 1 }
                let place = "\(self.path).damaged-\(number)"
                try PrivateFile.commit(self.path, as: place)
                return place
            }
        }
    }

    private func replace(with tokens: StoredTokens) throws(TokenFileError) {
        var tokens = tokens
        tokens.generation &+= 1
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Document(format: Self.format, tokens: tokens)) else {
            throw TokenFileError.inputOutput(path: self.path, reason: "the tokens cannot be written as JSON")
        }
        try PrivateFile.stage(self.staged, data + Data("\n".utf8))
        self.onStep(.staged)
        do throws(TokenFileError) {
            try PrivateFile.commit(self.staged, as: self.path)
        } catch {
            PrivateFile.remove(self.staged)
            throw error
        }
        self.onStep(.committed)
    }

    /// Under the lock nobody else is writing: what is staged was left by a process that is gone.
    private func finishInterruptedChange() throws(TokenFileError) {
        guard let data = try self.content(of: self.staged) else { return }
        let generation = try self.read()?.generation ?? 0
        if let tokens = try? self.decoded(data, self.staged), tokens.generation == generation + 1 {
            try PrivateFile.stage(self.staged, data)
            try PrivateFile.commit(self.staged, as: self.path)
        } else {
            PrivateFile.remove(self.staged)
        }
    }

    private func content(of path: String) throws(TokenFileError) -> Data? {
        try PrivateFile.read(path) { mode in
            self.onWarning(
                "\(path) could be used by others (mode 0\(String(mode, radix: 8))) and is private again (0600); "
                    + "if others use this machine, run: collector auth logout, then collector auth login"
            )
        }
    }

    private func decoded(_ data: Data, _ path: String) throws(TokenFileError) -> StoredTokens {
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            throw TokenFileError.damaged(path: path)
        }
        guard head.format <= Self.format else { throw TokenFileError.newerFormat(path: path, format: head.format) }
        guard let document = try? JSONDecoder().decode(Document.self, from: data) else {
            throw TokenFileError.damaged(path: path)
        }
        return document.tokens
    }

    private struct Head: Decodable {
        var format: Int
    }

    private struct Document: Codable {
        var format: Int
        var tokens: StoredTokens
    }
}
