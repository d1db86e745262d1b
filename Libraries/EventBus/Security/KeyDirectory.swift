import FoundationEssentials
import Glibc
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
    /// - Throws: Where it is missing, may be read by others, or is no key pair.
    package func pair(_ name: String) throws(BusSecurityError) -> CurveKeyPair {
        let file = keyFile(name)
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else {
                throw BusSecurityError("\(file) is missing; make it with: collector keys generate \(name)")
            }
            throw BusSecurityError("cannot read \(file): \(unsafe String(cString: strerror(errno)))")
        }
        defer { _ = Glibc.close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw BusSecurityError("\(file) is not a file; expected one that `collector keys generate` made")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw BusSecurityError("\(file) is a secret that other users may read; run: chmod 600 \(file)")
        }
        guard let text = text(descriptor), let pair = KeyText.readPair(text) else {
            throw BusSecurityError(
                "\(file) does not hold a key pair; restore it, or make a new one with: "
                    + "collector keys generate \(name) --force"
            )
        }
        return pair
    }

    /// The public key in `NAME.pub`, in Z85.
    /// - Throws: Where it is missing or is no key.
    package func publicKey(_ name: String) throws(BusSecurityError) -> String {
        let file = publicFile(name)
        guard let content = FileManager.default.contents(atPath: file) else {
            throw BusSecurityError(
                "\(file) is missing or cannot be read; copy it from the machine where `collector keys generate` made it"
            )
        }
        guard content.count < 4096, let key = KeyText.readPublicKey(String(decoding: content, as: UTF8.self)) else {
            throw BusSecurityError("\(file) does not hold a public key; copy it again from where it was made")
        }
        return key
    }

    /// The public half of `NAME.key`, in Z85.
    /// - Throws: As `pair(_:)`.
    package func ownPublicKey(_ name: String) throws(BusSecurityError) -> String { try pair(name).publicKey }

    /// The names that have a `.pub` or a `.key`, sorted.
    package func allNames() -> [String] { names(ending: ".pub", ".key") }

    /// The names that have a `.pub`, sorted. An unreadable directory has none.
    package func names() -> [String] { names(ending: ".pub") }

    private func names(ending endings: String...) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let names = files.filter { file in endings.contains { file.hasSuffix($0) } }.map { String($0.dropLast(4)) }
        return Set(names.filter(Self.isName)).sorted()
    }

    private func text(_ descriptor: CInt) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0, count < 4096 else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
