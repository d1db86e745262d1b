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

    @Test func `every known variable is documented and every documented one is known`() throws {
        let documented = try Self.documented()
        #expect(documented.subtracting(Settings.namedVariables) == [])
        #expect(Settings.namedVariables.subtracting(documented) == [])
    }

    @Test func `the files that secrets may be in are documented`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        for name in Settings.knownVariables.subtracting(Settings.namedVariables) {
            #expect(text.contains("`\(name)"), "\(name)")
        }
    }
}
