import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Small files that people write: whole, as UTF-8.
enum TextFile {
    /// Nil when there is no such file.
    static func contents(ofOptional path: String) throws -> String? {
        FileManager.default.fileExists(atPath: path) ? try Self.contents(of: path, hint: "check the file") : nil
    }

    static func contents(of path: String, hint: String) throws -> String {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ConfigurationError("\(path) does not exist; \(hint)")
        }
        guard !isDirectory else { throw ConfigurationError("\(path) is a directory; \(hint)") }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("\(path) cannot be read; let the user that runs this read it")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError("\(path) is not UTF-8; save it as UTF-8")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
