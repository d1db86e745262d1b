import PrivateFiles
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `STATE_DIR/run/<service>-<pid>.json`: where a running service answers. A killed service leaves it behind, so
/// readers check that something answers.
package struct RunFile: Codable, Hashable, Sendable {
    /// The service's name.
    package var service: String
    /// Its process id.
    package var pid: Int32
    /// `host:port` of `/health` and `/metrics`.
    package var http: String
    /// Its working directory; nil where an older version wrote the file.
    package var directory: String?
    /// The settings it runs with that others need to look at the same things, named as variables; see
    /// ``Settings/recorded(by:)``. Relative paths start at `directory`.
    package var settings: [String: String]?

    /// A description of a running service.
    package init(
        service: String,
        pid: Int32,
        http: String,
        directory: String? = nil,
        settings: [String: String]? = nil
    ) {
        self.service = service
        self.pid = pid
        self.http = http
        self.directory = directory
        self.settings = settings
    }

    /// All run files below `stateDirectory`, stale ones included, unreadable ones left out.
    package static func all(in stateDirectory: String) -> [RunFile] {
        let directory = Self.directory(in: stateDirectory)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(directory)/\(name)")
                .flatMap { try? JSONDecoder().decode(RunFile.self, from: $0) }
        }
    }

    static func directory(in stateDirectory: String) -> String { "\(stateDirectory)/run" }
}

extension RunFile {
    /// Writes the file of this process below `stateDirectory`.
    package static func write(
        service: String,
        http: String,
        settings: [String: String] = [:],
        in stateDirectory: String
    ) throws -> RunFile {
        let file = RunFile(
            service: service,
            pid: getpid(),
            http: http,
            directory: FileManager.default.currentDirectoryPath,
            settings: settings
        )
        try file.write(in: stateDirectory)
        return file
    }

    /// Writes the file again where somebody removed it.
    func restore(in stateDirectory: String) throws {
        guard FileIdentity.look(at: path(in: stateDirectory)) == .missing else { return }
        try write(in: stateDirectory)
    }

    private func write(in stateDirectory: String) throws {
        try PrivateFolder.make(Self.directory(in: stateDirectory))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try PrivateFile.replace(path(in: stateDirectory), with: encoder.encode(self), durably: false)
    }

    /// Removes the file; one that is gone already is fine.
    package func remove(from stateDirectory: String) {
        try? FileManager.default.removeItem(atPath: self.path(in: stateDirectory))
    }

    private func path(in stateDirectory: String) -> String {
        "\(Self.directory(in: stateDirectory))/\(self.service)-\(self.pid).json"
    }
}
