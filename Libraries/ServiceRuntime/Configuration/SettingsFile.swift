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

    /// `path` is for messages only.
    init(parsing text: String, path: String) throws {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError("\(path)\(error.place)")
        }
        guard let root, root.textUnlessNull != "" else { return }
        guard let mapping = root.mapping else {
            throw ConfigurationError("\(path): expected 'name: value' lines, found \(root.kind)")
        }
        try self.add(mapping, below: "", path: path)
    }

    private mutating func add(_ mapping: Node.Mapping, below prefix: String, path: String) throws {
        for (key, value) in mapping {
            guard let part = key.scalar?.string, !part.isEmpty else {
                throw ConfigurationError("\(path)\(key.position): expected a plain name as key")
            }
            let name = prefix + part.uppercased().map { $0 == "-" || $0 == "." ? "_" : String($0) }.joined()
            if let nested = value.mapping {
                try self.add(nested, below: name + "_", path: path)
                continue
            }
            if let line = self.lines[name] {
                throw ConfigurationError("\(path)\(key.position): \(name) was already set in line \(line)")
            }
            if let items = value.sequence {
                let texts = items.compactMap(\.textUnlessNull)
                guard texts.count == items.count else {
                    throw ConfigurationError("\(path)\(value.position): expected a list of plain values for \(name)")
                }
                self.values[name] = texts.joined(separator: ",")
            } else {
                self.values[name] = value.textUnlessNull ?? ""
            }
            self.lines[name] = key.mark?.line
        }
    }
}
