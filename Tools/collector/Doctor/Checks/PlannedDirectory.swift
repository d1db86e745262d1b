import FoundationEssentials
import ServiceRuntime

/// A directory that is not there yet: somebody will have to be able to make it.
struct PlannedDirectory {
    let path: String

    init(_ path: String) { self.path = path }

    /// - Parameter name: The setting that names it.
    /// - Throws: `Complaint`.
    func check(named name: String) throws {
        let parent = path.nearestExisting
        var isDirectory = false
        _ = FileManager.default.fileExists(atPath: parent, isDirectory: &isDirectory)
        guard isDirectory, OwnDirectory.isWritable(parent) else {
            let reason = isDirectory ? OwnDirectory.reason() : "it is not a directory"
            throw Complaint(
                ExitStatus.cannotCreate.rawValue,
                "\(path) cannot be made in \(parent): \(reason)",
                advice: "make it for the user that runs this, or set \(name) to another place"
            )
        }
    }
}

extension String {
    /// The path itself where it exists, else the nearest folder above that does.
    var nearestExisting: String {
        var path = self
        while !FileManager.default.fileExists(atPath: path) {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }
}
