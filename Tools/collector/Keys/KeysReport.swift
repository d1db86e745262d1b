import EventBus

/// What `collector keys generate` did, and what a person does next.
struct KeysReport {
    enum Outcome: Hashable {
        case made(String)
        case replaced(String)
        /// There already.
        case kept
        /// The pair was there, its public file was not or was another's.
        case restored
    }

    let directory: String
    private var outcomes: [(name: String, outcome: Outcome)] = []

    init(directory: String) {
        self.directory = directory
    }

    mutating func add(_ name: String, _ outcome: Outcome) {
        outcomes.append((name, outcome))
    }

    var text: String {
        let width = outcomes.map(\.name.count).max() ?? 0
        var lines = ["Keys in \(directory):"]
        for (name, outcome) in outcomes {
            let padded = name + String(repeating: " ", count: width - name.count)
            lines.append("  \(padded)  \(Self.words(outcome))")
        }
        lines.append("")
        return (lines + advice).joined(separator: "\n") + "\n"
    }

    private static func words(_ outcome: Outcome) -> String {
        switch outcome {
        case .made(let key): "new       \(KeyFingerprint.of(key) ?? "")"
        case .replaced(let key): "replaced  \(KeyFingerprint.of(key) ?? "")"
        case .kept: "kept, it was there already (--force replaces it)"
        case .restored: "kept; wrote its .pub again"
        }
    }

    private var advice: [String] {
        var lines: [String] = []
        let replaced = outcomes.filter { if case .replaced = $0.outcome { true } else { false } }.map(\.name)
        if !replaced.isEmpty {
            lines += [
                "Replaced: restart \(replaced.joined(separator: ", ")), and copy the new .pub to every machine; until then",
                "they are strangers there.",
                "",
            ]
        }
        return lines + [
            "On one machine nothing more is needed. For several, give each machine's BUS_KEYS_DIR",
            "  - the NAME.key of the services that run there, and of no others (mode 0600), and",
            "  - everybody's *.pub, for example:",
            "      scp -p \(directory)/irc-gateway.key \(directory)/*.pub gateway-host:\(Self.quotedForScp(directory))/",
            "Then set BUS_BIND=tcp://ADDRESS:PORT where a service publishes, and IRC_GATEWAY_BUS, STREAM_POLLER_BUS and",
            "TOKEN_SERVICE_BUS where others follow it. Deleting a .pub shuts its owner out within seconds.",
        ]
    }

    private static func quotedForScp(_ path: String) -> String { path.hasPrefix("/") ? path : "PATH" }
}
