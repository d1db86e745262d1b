import FoundationEssentials

/// How findings look, and what they mean for whoever called.
struct DoctorReport: Sendable {
    var style: Style
    /// Columns of the names.
    var width: Int

    /// `✓ clock   0.3 s behind Twitch's`, and below a `✗` what to do.
    func text(_ finding: Finding) -> String {
        let sign =
            switch finding.outcome {
            case .fine: style.green("✓")
            case .wrong: style.red("✗")
            case .skipped, .notApplicable: style.dim("–")
            }
        let name = finding.check + String(repeating: " ", count: max(0, width - TextWidth.of(finding.check)))
        let isDone = finding.outcome == .fine || finding.isWrong
        // Findings repeat what servers answered and what files hold.
        let text = finding.text.printable
        let line = "\(sign) \(name)  \(isDone ? text : style.dim(text))\n"
        guard let advice = finding.advice, finding.isWrong else { return line }
        return line + String(repeating: " ", count: width + 4) + "→ \(advice.printable)\n"
    }

    func summary(_ findings: [Finding]) -> String {
        let wrong = findings.filter(\.isWrong).map(\.check)
        guard let first = wrong.first else { return style.green("All is well.") + "\n" }
        let others = wrong.count > 1 ? " and \(wrong.count - 1) more" : ""
        return style.red("Not well: \(first)\(others).") + "\n"
    }

    static func json(_ findings: [Finding]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(status: status(findings), checks: findings.map(Document.Row.init))
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    /// The status of the first thing that is wrong: what comes after it may be a consequence.
    static func status(_ findings: [Finding]) -> Int32 {
        for finding in findings {
            if case .wrong(let status) = finding.outcome { return status }
        }
        return 0
    }

    private struct Document: Encodable {
        struct Row: Encodable {
            var check: String
            /// `fine`, `wrong` or `skipped`.
            var outcome: String
            var text: String
            var advice: String?

            init(_ finding: Finding) {
                check = finding.check
                outcome =
                    switch finding.outcome {
                    case .fine: "fine"
                    case .wrong: "wrong"
                    case .skipped, .notApplicable: "skipped"
                    }
                text = finding.text
                advice = finding.advice
            }
        }

        var status: Int32
        var checks: [Row]
    }
}
