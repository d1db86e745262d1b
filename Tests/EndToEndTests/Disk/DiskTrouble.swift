import Foundation
import TestSupport
import Testing

/// A disk below the journals that fails on request, for a service that was started with `environment`.
struct DiskTrouble {
    /// What the disk does until `end()`; see Tests/Chaos/disk_trouble.c.
    enum Kind: String { case full, sync, once }

    let environment: [String: String]
    private let control: String

    /// Builds the library that stands between a service and the disk.
    init(in directory: String) async throws {
        control = directory + "/disk-trouble"
        let library = directory + "/disk-trouble.so"
        let source = repository + "/Tests/Chaos/disk_trouble.c"
        let compiler = try RunningProgram(
            "/usr/bin/cc",
            ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
            in: directory
        )
        #expect(try await compiler.exitCode() == 0, "\(compiler.errorOutput)")
        environment = ["LD_PRELOAD": library, "DISK_TROUBLE": control]
    }

    func begin(_ kind: Kind) throws {
        try Data(kind.rawValue.utf8).write(to: URL(fileURLWithPath: control), options: .atomic)
    }

    func end() throws { try FileManager.default.removeItem(atPath: control) }

    /// Whether a trouble of the kind `once` has happened.
    var isOver: Bool { !FileManager.default.fileExists(atPath: control) }
}

/// The folder of this package.
let repository = URL(fileURLWithPath: #filePath).pathComponents.dropFirst().dropLast(4)
    .reduce("") { $0 + "/" + $1 }
