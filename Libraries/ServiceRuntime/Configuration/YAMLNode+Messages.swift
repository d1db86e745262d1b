package import Yams

extension Node {
    /// `:line:column`, or nothing where the parser kept no position.
    package var position: String {
        self.mark.map { ":\($0.line):\($0.column)" } ?? ""
    }

    /// The text of a plain value; `null`, `~` and nothing at all are nil.
    package var textUnlessNull: String? {
        guard let scalar = self.scalar else { return nil }
        // With a tag, as in `!!str null`, the same letters are text.
        if scalar.style == .plain, self.tag.rawValue == Tag.Name.null.rawValue { return nil }
        return scalar.string
    }

    /// For a person: what this value is.
    package var kind: String {
        if self.mapping != nil { return "a mapping" }
        if let sequence = self.sequence { return sequence.isEmpty ? "an empty list" : "a list" }
        return self.textUnlessNull.map { "'\($0)'" } ?? "nothing"
    }
}

extension YamlError {
    /// `:line:column: problem`, in one line.
    package var place: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ":\(mark.line):\(mark.column): not valid YAML: \(problem)"
        case .reader(let problem, _, _, _):
            ": not valid YAML: \(problem); save the file as UTF-8"
        case .duplicatedKeysInMapping(["<<"], let context):
            ":\(context.mark.line):\(context.mark.column): '<<' stands there twice; write one: '<<: [*first, *second]'"
        case .duplicatedKeysInMapping(let duplicates, let context):
            ":\(context.mark.line):\(context.mark.column): "
                + "'\(duplicates.sorted().joined(separator: "', '"))' stands there twice; keep one"
        default:
            ": not valid YAML"
        }
    }
}
