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

/// Whether something could be made at a path, asked without making it.
package enum WritablePlace {
    /// Why a file or directory at `path` could not be written or made, in a few words; nil when it could.
    ///
    /// A file system that is full is not noticed. Blocks on the disk.
    package static func obstacle(toFile path: String) -> String? {
        if self.isDirectory(path) { return "it is a directory" }
        if FileManager.default.fileExists(atPath: path) { return self.refusal(of: path, mode: W_OK) }
        let parent = self.parent(of: path)
        return self.isDirectory(parent) ? self.refusal(of: parent, mode: W_OK | X_OK) : self.missing(parent)
    }

    /// The same of a directory that would be made with those above it where they are missing.
    package static func obstacle(toDirectory path: String) -> String? {
        var place = path
        while !self.exists(place) {
            let parent = self.parent(of: place)
            guard parent != place else { break }
            place = parent
        }
        guard self.isDirectory(place) else { return "'\(place)' is not a directory" }
        return self.refusal(of: place, mode: W_OK | X_OK)
    }

    private static func missing(_ parent: String) -> String {
        self.exists(parent) ? "'\(parent)' is not a directory" : "the directory '\(parent)' does not exist"
    }

    /// A link that leads nowhere is in the way too.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    private static func refusal(of path: String, mode: Int32) -> String? {
        guard unsafe faccessat(AT_FDCWD, path, mode, AT_EACCESS) != 0 else { return nil }
        let reason = Errno(rawValue: errno)
        return "\(reason) at '\(path)'"
    }

    private static func parent(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}
