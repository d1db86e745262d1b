package import Yams

/// A YAML file as PyYAML's `safe_load` reads it, which is what the predecessor used: anchors, aliases and merge keys
/// (`<<: *defaults`, `<<: [*a, *b]`) work, and tags that it does not know are refused.
///
/// Stricter in one thing: a key that stands twice in one mapping is refused instead of the first one being ignored.
package struct YAMLFile {
    /// The contents with merge keys carried out; nil for an empty file.
    package let root: Node?
    /// Keys of the top level whose value has an anchor: it may be there only for others to refer to.
    package let anchored: Set<String>

    /// Throws ``ConfigurationError`` with the place; `path` is for messages only.
    package init(parsing text: String, path: String) throws {
        do {
            let parser = try Parser(yaml: text)
            let root = try parser.singleRoot()
            // Nodes hold their anchors weakly, and the parser holds them.
            self.anchored = withExtendedLifetime(parser) {
                Set((root?.mapping ?? [:]).filter { $0.value.anchor != nil }.compactMap(\.key.scalar?.string))
            }
            var merging = MergeKeys(path: path)
            self.root = try root.map { try merging.resolved($0) }
        } catch let error as YamlError {
            throw ConfigurationError("\(path)\(error.place)")
        }
    }
}

/// Carries merge keys out (<https://yaml.org/type/merge.html>), and checks tags on the way.
private struct MergeKeys {
    /// What types there are; a tag of any other is `!local`, `!!binary`, `!!python/object` and the like.
    private static let types: Set<Tag.Name> = [
        .str, .int, .float, .bool, .null, .timestamp, .merge, .value, .map, .seq, .nonSpecific,
    ]
    /// Aliases of aliases multiply: a short file must not become an endless one.
    private static let limit = 5_000_000

    let path: String
    private var visited = 0

    init(path: String) { self.path = path }

    mutating func resolved(_ node: Node) throws -> Node {
        self.visited += 1
        guard self.visited <= Self.limit else {
            throw ConfigurationError("\(self.path)\(node.position): aliases make this file endless; write it out")
        }
        guard let name = Tag.Name(rawValue: node.tag.rawValue) as Tag.Name?, Self.types.contains(name) else {
            let tag = node.tag.rawValue.replacing("tag:yaml.org,2002:", with: "!!")
            throw ConfigurationError(
                "\(self.path)\(node.position): the tag '\(tag)' is not known; expected a plain value, a list or a mapping"
            )
        }
        switch node {
        case .scalar, .alias: return node
        case .sequence(var sequence):
            for index in sequence.indices { sequence[index] = try self.resolved(sequence[index]) }
            return .sequence(sequence)
        case .mapping(let mapping): return .mapping(try self.resolved(mapping))
        }
    }

    /// Own keys win over merged ones, and of those the first.
    private mutating func resolved(_ mapping: Node.Mapping) throws -> Node.Mapping {
        var pairs: [(Node, Node)] = []
        var merged: [(Node, Node)] = []
        for (key, value) in mapping {
            if Self.isMerge(key) {
                merged += try self.pairs(merging: value, at: key)
            } else {
                pairs.append((try self.resolved(key), try self.resolved(value)))
            }
        }
        guard !merged.isEmpty else { return Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark) }
        var names = Set(pairs.map(\.0))
        for pair in merged where names.insert(pair.0).inserted { pairs.append(pair) }
        return Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark)
    }

    /// What `value` adds, in the order of its precedence.
    private mutating func pairs(merging value: Node, at key: Node) throws -> [(Node, Node)] {
        let sources = value.sequence.map { Array($0) } ?? [value]
        return try sources.flatMap { source -> [(Node, Node)] in
            guard case .mapping(let mapping) = try self.resolved(source) else {
                throw ConfigurationError(
                    "\(self.path)\(key.position): '<<' takes over a mapping or a list of mappings, such as "
                        + "'<<: *defaults'; found \(source.kind)"
                )
            }
            return mapping.map { ($0.key, $0.value) }
        }
    }

    /// `<<` in quotes is a name like any other.
    private static func isMerge(_ key: Node) -> Bool {
        guard let scalar = key.scalar else { return false }
        return scalar.string == "<<" && scalar.style == .plain
    }
}
