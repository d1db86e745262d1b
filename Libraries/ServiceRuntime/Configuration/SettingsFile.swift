import Yams

/// `collector.yaml`: the settings of all services, named as their variables.
///
/// `database_url: …` and `DATABASE_URL: …` mean the same; so does a mapping whose parts join with `_`
/// (`http:` with `port:` inside is `HTTP_PORT`). A list of plain values becomes a comma-separated one.
struct SettingsFile {
    /// Variable name to text.
    var values: [String: String] = [:]
    /// Variable name to 1-based line.
    var lines: [String: Int] = [:]
    private let path: String

    /// `path` is for messages only.
    init(parsing text: String, path: String) throws {
        self.path = path
        let file = try YAMLFile(parsing: text, path: path)
        guard let root = file.root, root.textUnlessNull != nil || root.scalar == nil else { return }
        guard let mapping = root.mapping else {
            throw ConfigurationError("\(path): expected 'name: value' lines, found \(root.kind)")
        }
        try self.add(mapping.filter { !Self.isForOthers($0.key, in: file) }, below: "")
    }

    private mutating func add(_ pairs: [Node.Mapping.Element], below prefix: String) throws {
        for (key, value) in pairs {
            guard let part = key.scalar?.string, !part.isEmpty else {
                throw ConfigurationError("\(self.path)\(key.position): expected a plain name as key")
            }
            let name = prefix + Self.variable(part)
            let place = "\(self.path)\(value.position)"
            if let nested = value.mapping {
                guard !Settings.isKnown(name) else {
                    throw ConfigurationError("\(place): \(name) must be a single value, found a mapping")
                }
                try self.add(Array(nested), below: name + "_")
                continue
            }
            if let line = self.lines[name] {
                throw ConfigurationError("\(self.path)\(key.position): \(name) was already set in line \(line)")
            }
            self.values[name] = try Self.text(value, name, place)
            self.lines[name] = key.mark?.line
        }
    }

    private static func text(_ value: Node, _ name: String, _ place: String) throws -> String {
        if let items = value.sequence {
            let texts = items.compactMap(\.textUnlessNull)
            guard texts.count == items.count else {
                throw ConfigurationError("\(place): expected a list of plain values for \(name)")
            }
            guard !Settings.isKnown(name) || Settings.listVariables.contains(name) else {
                throw ConfigurationError("\(place): \(name) must be a single value, found a list")
            }
            return texts.joined(separator: ",")
        }
        let text = value.textUnlessNull ?? ""
        guard text.isEmpty || Settings.isKnown(name) || !Settings.isPrefix(name) else {
            throw ConfigurationError("\(place): '\(name.lowercased())' holds settings, found \(value.kind)")
        }
        return text
    }

    /// A mapping of the top level that is no setting, such as `defaults: &defaults` or `x-logging: …`.
    private static func isForOthers(_ key: Node, in file: YAMLFile) -> Bool {
        guard let text = key.scalar?.string else { return false }
        if text.lowercased().hasPrefix("x-") { return true }
        let name = self.variable(text)
        return file.anchored.contains(text) && !Settings.isKnown(name) && !Settings.isPrefix(name)
    }

    private static func variable(_ part: String) -> String {
        part.uppercased().map { $0 == "-" || $0 == "." ? "_" : String($0) }.joined()
    }
}

extension SettingsFile {
    /// Keys that no service knows, in the order of the file, with what they were most likely meant to be.
    var unknown: [(line: Int, name: String, meant: String?)] {
        self.lines.filter { !Settings.isKnown($0.key) }
            .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .map { ($0.value, $0.key, Spelling.closest(to: $0.key, among: Settings.knownVariables)) }
    }

    /// A name that is almost a setting is one that would not be obeyed: the file is refused.
    func refuseMisspelt() throws {
        for (line, name, meant) in self.unknown {
            guard let meant else { continue }
            throw ConfigurationError("\(self.path):\(line): \(name) is not a setting; did you mean '\(meant)'?")
        }
    }
}
