import FoundationEssentials
import Glibc
package import ZeroMQ

extension KeyDirectory {
    /// Makes a pair and writes both files so that they survive power loss: the directory with mode 0700 where it is
    /// missing, `NAME.key` with 0600, `NAME.pub` with 0644.
    /// - Parameter replacing: Whether to replace a pair that is there.
    /// - Returns: The new pair; nil if there is one already and it may not be replaced.
    /// - Throws: What could not be written.
    package func make(_ name: String, replacing: Bool) throws(BusSecurityError) -> CurveKeyPair? {
        guard Self.isName(name) else {
            throw BusSecurityError(
                "'\(name)' cannot be a key's name; expected letters, digits, '-', '_' or '.', 64 at most"
            )
        }
        do {
            try DurableFile.makeDirectory(path)
            // The lock makes two that generate at once take turns, so that the halves always belong together.
            let lock = try DurableFile.waitForLock("\(path)/.lock")
            defer { DurableFile.unlock(lock) }
            guard replacing || !hasPair(name) else { return nil }
            let pair = try CurveKeyPair.generate()
            let secret = Data(KeyText.pair(pair, of: name).utf8)
            let open = Data(KeyText.publicKey(pair.publicKey, of: name).utf8)
            try DurableFile.replace(publicFile(name), with: open, durably: true, mode: 0o644)
            try DurableFile.replace(keyFile(name), with: secret, durably: true)
            return pair
        } catch {
            throw BusSecurityError("\(error)")
        }
    }

    /// Writes `NAME.pub` again from `NAME.key`, should it have been lost.
    package func restorePublicFile(_ name: String) throws(BusSecurityError) {
        let content = Data(KeyText.publicKey(try pair(name).publicKey, of: name).utf8)
        do {
            try DurableFile.replace(publicFile(name), with: content, durably: true, mode: 0o644)
        } catch {
            throw BusSecurityError("\(error)")
        }
    }
}
