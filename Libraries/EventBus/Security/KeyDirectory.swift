import FoundationEssentials
import Glibc
import PrivateFiles
package import ZeroMQ

/// A directory of key files: `NAME.key` with both halves, mode 0600, and `NAME.pub` with the public one, mode 0644.
package struct KeyDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package func keyFile(_ name: String) -> String { "\(path)/\(name).key" }
    package func publicFile(_ name: String) -> String { "\(path)/\(name).pub" }

    /// Whether a name can be a file's: letters, digits, `-`, `_` and `.`, not at the beginning, at most 64 bytes.
    package static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 64 else { return false }
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        return isPlain(first) && name.utf8.allSatisfy { isPlain($0) || "-_.".utf8.contains($0) }
    }

    /// Whether there is a `NAME.key`.
    package func hasPair(_ name: String) -> Bool { DurableFile.exists(keyFile(name)) }

    /// The key pair in `NAME.key`.
    /// - Throws: Where it is missing, another user's, may be read by others, or is no key pair.
    package func pair(_ name: String) throws(BusSecurityError) -> CurveKeyPair {
        let file = keyFile(name)
        let content: Data?
        do throws(PrivateFileError) {
            content = try PrivateFile.openForReading(file, .secret).map { descriptor throws(PrivateFileError) in
                defer { _ = Glibc.close(descriptor) }
                return try PrivateFile.read(descriptor, file)
            }
        } catch {
            throw BusSecurityError(error.code == .notOurs ? "\(file): \(error.reason)" : "\(error)")
        }
        guard let content else {
            throw BusSecurityError("\(file) is missing; make it with: collector keys generate \(name)")
        }
        guard content.count < 4096, let pair = KeyText.readPair(String(decoding: content, as: UTF8.self)) else {
            throw BusSecurityError(
                "\(file) does not hold a key pair; restore it, or make a new one with: "
                    + "collector keys generate \(name) --force"
            )
        }
        return pair
    }

    /// What is in `NAME.pub`.
    enum PublicFile: Hashable {
        case key(String)
        /// The system does not let us read it now.
        case unreadable(String)
        /// It is gone, no key, or not to be trusted.
        case unusable(String)
    }

    func lookUp(_ name: String) -> PublicFile {
        let file = publicFile(name)
        do throws(PrivateFileError) {
            guard let content = try PrivateFile.read(file) else {
                return .unusable(
                    "\(file) is missing or cannot be read; copy it from the machine where `collector keys generate` made it"
                )
            }
            guard content.count < 4096, let key = KeyText.readPublicKey(String(decoding: content, as: UTF8.self)) else {
                return .unusable("\(file) does not hold a public key; copy it again from where it was made")
            }
            return .key(key)
        } catch {
            return error.code == .notOurs ? .unusable("\(file): \(error.reason)") : .unreadable("\(error)")
        }
    }

    /// The public key in `NAME.pub`, in Z85.
    /// - Throws: Where it is missing, not to be trusted, or is no key.
    package func publicKey(_ name: String) throws(BusSecurityError) -> String {
        switch lookUp(name) {
        case .key(let key): return key
        case .unreadable(let reason), .unusable(let reason): throw BusSecurityError(reason)
        }
    }

    /// The public half of `NAME.key`, in Z85.
    /// - Throws: As `pair(_:)`.
    package func ownPublicKey(_ name: String) throws(BusSecurityError) -> String { try pair(name).publicKey }

    /// The names that have a `.pub` or a `.key`, sorted. An unreadable directory has none.
    package func allNames() -> [String] { (try? names(ending: ".pub", ".key")) ?? [] }

    /// The names that have a `.pub`, sorted. An unreadable directory has none.
    package func names() -> [String] { (try? list()) ?? [] }

    /// The names that have a `.pub`, sorted.
    /// - Throws: Where the directory cannot be read now, or is gone.
    func list() throws(PrivateFileError) -> [String] { try names(ending: ".pub") }

    private func names(ending endings: String...) throws(PrivateFileError) -> [String] {
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw PrivateFileError(.inputOutput, path, "the folder of keys cannot be read")
        }
        let names = files.filter { file in endings.contains { file.hasSuffix($0) } }.map { String($0.dropLast(4)) }
        return Set(names.filter(Self.isName)).sorted()
    }
}
