import Testing
import Yams

@testable import ServiceRuntime

struct YAMLFileTests {
    /// `key=value` of the mapping below `entry`, sorted; the values PyYAML 6.0's `safe_load` gives were looked up once.
    private func entry(_ text: String) throws -> [String] {
        let root = try #require(try YAMLFile(parsing: text, path: "f").root?.mapping)
        let entry = try #require(root.first { $0.key.scalar?.string == "entry" }?.value.mapping)
        return entry.map { "\($0.key.scalar?.string ?? "?")=\($0.value.scalar?.string ?? "?")" }.sorted()
    }

    @Test(arguments: [
        ("a: &a {x: 1, y: 2}\nentry: {<<: *a, z: 3}", ["x=1", "y=2", "z=3"]),
        // What stands there itself wins, before and behind the merge key.
        ("a: &a {x: 1, y: 2}\nentry: {x: 9, <<: *a, y: 8}", ["x=9", "y=8"]),
        // Of a list, the first.
        ("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nentry: {<<: [*a, *b]}", ["x=1", "y=2"]),
        // Merges of merges.
        ("a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nentry: {<<: *b, z: 3}", ["x=1", "y=2", "z=3"]),
        // Without an anchor, and of nothing.
        ("entry: {<<: {x: 1}, y: 2}", ["x=1", "y=2"]), ("entry: {<<: [], y: 2}", ["y=2"]),
        // In quotes it is a name.
        ("entry: {'<<': 1}", ["<<=1"]),
    ])
    func `merge keys are carried out as PyYAML does`(text: String, expected: [String]) throws {
        #expect(try self.entry(text) == expected)
    }

    @Test(arguments: [
        (
            "entry:\n  <<: 5",
            "f:2:3: '<<' takes over a mapping or a list of mappings, such as '<<: *defaults'; found '5'"
        ),
        ("a: &a [1]\nentry: {<<: *a}", "f:2:9: '<<' takes over a mapping or a list of mappings"),
        ("entry: {<<: }", "f:1:9: '<<' takes over"), ("entry: {<<: *nobody}", "f:1:13: not valid YAML: "),
        ("a: &a {x: 1}\nentry: {<<: *a, <<: *a}", "'<<' stands there twice; write one: '<<: [*first, *second]'"),
        ("entry: {x: 1, x: 2}", "'x' stands there twice"),
        ("entry: !local {x: 1}", "f:1:8: the tag '!local' is not known; expected a plain value, a list or a mapping"),
        ("entry: {x: !!python/object:os.system 1}", "the tag '!!python/object:os.system' is not known"),
        ("entry: {x: !!binary aGk=}", "the tag '!!binary' is not known"), ("entry: !!set {x}", "the tag '!!set'"),
        ("entry: {x: 1}\n---\nentry: {x: 2}", "not valid YAML"),
    ])
    func `what cannot be obeyed is refused with its place`(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try YAMLFile(parsing: text, path: "f") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `aliases of aliases do not become an endless file`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: ConfigurationError.self) { try YAMLFile(parsing: text, path: "f") }
    }

    @Test func `a tag may say that a word is text`() throws {
        let root = try YAMLFile(parsing: "[!!str null, null, ~, 'null', !!null '']", path: "f").root
        #expect(root?.sequence?.map(\.textUnlessNull).prefix(4) == ["null", nil, nil, "null"])
    }
}
