import Foundation
import Testing

@testable import ServiceRuntime

struct DocumentationTests {
    /// The rows of `docs/configuration.md` that begin with a variable.
    private static func documented() throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let names = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `") else { return nil }
            let name = line.dropFirst(3).prefix { $0 != "`" }
            return name.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" } && !name.allSatisfy(\.isNumber)
                ? String(name) : nil
        }
        return Set(names)
    }

    /// Read from the environment alone: they are no settings that a person makes.
    private static let setBySystemd: Set<String> = ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"]

    /// Accepted for the predecessor's sake, and ignored.
    private static let ignored: Set<String> = ["MAX_RECONNECT_ATTEMPTS", "RECONNECT_INTERVAL"]

    /// Not ours to document: the shell's, and a switch that only tests know.
    private static let foreign: Set<String> = ["PATH", "TOKEN_SERVICE_CRASH_POINT"]

    @Test func `every known variable is documented and every documented one is known`() throws {
        let documented = try Self.documented().subtracting(Self.setBySystemd)
        #expect(documented.subtracting(Settings.namedVariables) == [])
        #expect(Settings.namedVariables.subtracting(documented) == [])
    }

    @Test func `every variable that the sources read is known, and every known one is read`() throws {
        let sources = try Self.sources()
        let read = Set(
            sources.matches(
                of: /\.(?:string|secret|integer|boolean|duration|bytes|list)\(\s*"([A-Z][A-Z0-9_]+)"/
            )
            .map { String($0.output.1) }
        )
        #expect(read.count > 20)
        #expect(read.subtracting(Settings.namedVariables) == [])
        // Some names are put together, or stand in a list: then they stand in quotes somewhere else than where they are listed.
        for name in Settings.namedVariables.subtracting(Self.ignored) where !read.contains(name) {
            #expect(sources.contains("\"\(name)\""), "\(name) is documented, and nobody reads it")
        }
        let environment = Set(
            sources.matches(of: /environment\["([A-Z][A-Z0-9_]+)"\]/).map { String($0.output.1) }
        )
        #expect(try environment.subtracting(Self.documented()).subtracting(Self.foreign) == [])
    }

    /// All sources but the list of known names.
    private static func sources() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        var text = ""
        for folder in ["Libraries", "Services", "Tools/collector"] {
            let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path())
            while let file = files?.nextObject() as? String {
                guard file.hasSuffix(".swift"), !file.hasSuffix("KnownVariables.swift") else { continue }
                text += try String(contentsOf: root.appending(path: "\(folder)/\(file)"), encoding: .utf8)
            }
        }
        return text
    }

    @Test func `the files that secrets may be in are documented`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        for name in Settings.knownVariables.subtracting(Settings.namedVariables) {
            #expect(text.contains("`\(name)"), "\(name)")
        }
    }
}
