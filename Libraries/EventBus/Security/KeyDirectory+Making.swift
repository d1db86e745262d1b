import FoundationEssentials
import ZeroMQ

extension KeyDirectory {
    /// Makes a pair and writes both files so that they survive power loss: the directory with mode 0700 where it is
    /// missing, `NAME.key` with 0600, `NAME.pub` with 0644.
    /// - Parameters:
    ///   - name: The service's name.
    ///   - replacing: Whether to replace a pair that is there.
    /// - Returns: The new pair's public key; nil if there is one already and it may not be replaced.
    /// - Throws: `BusSecurityError` for a name that cannot be one, `JournalError` for what cannot be written,
    ///   `ZeroMQError` where libzmq cannot encrypt.
    @discardableResult
    package func make(_ name: String, replacing: Bool = false) throws -> String? {
        guard Self.isName(name) else {
            throw BusSecurityError(
                "'\(name)' cannot be a key's name; expected letters, digits, '-', '_' or '.', 64 at most"
            )
        }
        try DurableFile.makeDirectory(path)
        // The lock makes two that generate at once take turns, so that the halves always belong together.
        let lock = try DurableFile.waitForLock("\(path)/.lock")
        defer { DurableFile.unlock(lock) }
        guard replacing || !hasPair(name) else { return nil }
        let pair = try CurveKeyPair.generate()
        // The secret first: after a crash in between, the public file is made again from it.
        try DurableFile.replace(keyFile(name), with: Data(KeyText.pair(pair, of: name).utf8), durably: true)
        try write(pair.publicKey, of: name)
        return pair.publicKey
    }

    /// Writes `NAME.pub` again from `NAME.key` where it is missing or does not belong to it.
    /// - Returns: Whether that was needed.
    /// - Throws: `BusSecurityError` for a pair that cannot be used, `JournalError` for what cannot be written.
    package func restorePublicFile(_ name: String) throws -> Bool {
        let key = try pair(name).publicKey
        guard (try? publicKey(name)) != key else { return false }
        try write(key, of: name)
        return true
    }

    private func write(_ publicKey: String, of name: String) throws(JournalError) {
        let content = Data(KeyText.publicKey(publicKey, of: name).utf8)
        try DurableFile.replace(publicFile(name), with: content, durably: true, mode: 0o644)
    }
}
