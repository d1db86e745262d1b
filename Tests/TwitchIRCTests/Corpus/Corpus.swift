import FoundationEssentials
import Testing

/// Real lines beside the checkout; see their README. Never part of the repository.
enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/corpus")

    static var isPresent: Bool { FileManager.default.fileExists(atPath: Self.folder.path) }

    static let absence: Comment = "no ../shared/corpus beside the checkout: real lines are not checked"

    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: Self.folder.appending(path: name)))
    }
}
