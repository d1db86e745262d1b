import Foundation
import TestSupport

@testable import EventBus

/// Keys of several services in folders of the test's, as on several machines.
struct BusKeys {
    /// `BUS_KEYS_DIR` of the machine that everybody trusts.
    let path: String

    var directory: KeyDirectory { KeyDirectory(path) }

    /// Makes pairs for these names.
    init(_ path: String, _ names: String...) throws {
        self.path = path
        for name in names { try directory.make(name) }
    }

    func security(_ name: String) throws -> BusSecurity { try BusSecurity(keysDirectory: path, name: name) }

    /// A machine that knows this one's public keys, but whose own key nobody here knows.
    func stranger(_ name: String, in path: String) throws -> BusSecurity {
        let other = KeyDirectory(path)
        try other.make(name)
        for known in directory.names() where known != name {
            try FileManager.default.copyItem(atPath: directory.publicFile(known), toPath: other.publicFile(known))
        }
        return try BusSecurity(keysDirectory: path, name: name)
    }

    /// Shuts a name out, as a person does: by deleting its public file. Returns what `allow` takes.
    func remove(_ name: String) throws -> Data {
        let content = try Data(contentsOf: URL(filePath: directory.publicFile(name)))
        try FileManager.default.removeItem(atPath: directory.publicFile(name))
        return content
    }

    func allow(_ name: String, _ content: Data) throws {
        try content.write(to: URL(filePath: directory.publicFile(name)))
    }
}
