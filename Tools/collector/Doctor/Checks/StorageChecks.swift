import EventStore
import FoundationEssentials
import ServiceRuntime

/// Where things are kept: the directories, and room on their disks.
struct StorageChecks: Sendable {
    let settings: Settings
    let stateDirectory: String
    let freeSpace: @Sendable (String) throws -> DiskSpace

    /// Below this a busy day fills the disk.
    static let leastFree = 1 << 30

    func checks() -> [Check] {
        [
            Check(name: .directories) { _ in try await Patience.blocking { try directories() } },
            Check(name: .diskSpace) { _ in try await Patience.blocking { try space() } },
        ]
    }

    private func directories() throws -> String {
        guard FileManager.default.fileExists(atPath: stateDirectory) else {
            try PlannedDirectory(stateDirectory).check(named: "STATE_DIR")
            return "\(stateDirectory) is made at the first start"
        }
        try OwnDirectory.check(stateDirectory, mustBePrivate: true)
        _ = try settings.stateDirectory()
        let inside = ["bus", "journal", "keys", "log", "run", "token-service"].map { "\(stateDirectory)/\($0)" }
        for path in inside where FileManager.default.fileExists(atPath: path) {
            // Tokens travel through the sockets in it.
            try OwnDirectory.check(path, mustBePrivate: path.hasSuffix("/bus"))
        }
        return "\(stateDirectory) is ours, private and writable"
    }

    private func space() throws -> String {
        var places = [stateDirectory]
        if let path = databaseFile { places.append(path) }
        var texts: [String] = []
        for place in places.map(\.nearestExisting) where !texts.contains(where: { $0.hasSuffix(" at \(place)") }) {
            let space = try freeSpace(place)
            guard space.free >= Self.leastFree else {
                throw Complaint(
                    ExitStatus.inputOutput.rawValue,
                    "only \(Figures.bytes(space.free)) free of \(Figures.bytes(space.size)) at \(place)",
                    advice: "make room, or move STATE_DIR and DATABASE_URL to a larger disk; "
                        + "\(Figures.bytes(Self.leastFree)) should be free at least"
                )
            }
            texts.append("\(Figures.bytes(space.free)) free at \(place)")
        }
        return texts.joined(separator: ", ")
    }

    private var databaseFile: String? {
        guard let url = try? DatabaseURL(settings.databaseURL().reveal()), case .sqlite(let path) = url else {
            return nil
        }
        return path
    }
}
