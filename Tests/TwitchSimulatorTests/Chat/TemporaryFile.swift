import Foundation

/// A file of its own, for one test.
struct TemporaryFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString)").path()

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: self.path)) }

    func remove() { try? FileManager.default.removeItem(atPath: self.path) }
}
