import ArgumentParser
import EventBus
import ServiceRuntime

/// `collector keys show`: public keys and fingerprints, never a secret.
struct ShowKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show whose public keys are there, and which secret keys this machine has.",
        discussion: "Exit code 0 when all can be used, 78 when one cannot."
    )

    @OptionGroup var location: KeysLocation

    func run() async throws {
        try await CommandFailure.reporting("collector keys") {
            let directory = try location.resolved()
            let names = directory.allNames()
            guard !names.isEmpty else {
                throw CommandFailure(
                    ExitStatus.configuration.rawValue,
                    "there are no keys in \(directory.path); make them with: collector keys generate"
                )
            }
            let table = KeysTable(directory, names)
            Terminal.output.write(table.text)
            for fault in table.faults { Terminal.error.write("collector keys: \(fault)\n") }
            guard table.faults.isEmpty else { throw ExitCode(ExitStatus.configuration.rawValue) }
        }
    }
}

/// One line for each name.
struct KeysTable {
    private(set) var faults: [String] = []
    private var rows: [[String]] = [["NAME", "MAY", "FINGERPRINT", "PUBLIC KEY", "SECRET KEY"]]

    init(_ directory: KeyDirectory, _ names: [String]) {
        for name in names {
            var publicKey: String?
            var secret = "elsewhere"
            do {
                publicKey = try directory.publicKey(name)
                if directory.hasPair(name) {
                    let own = try directory.ownPublicKey(name)
                    secret = own == publicKey ? "here" : "here, but of another public key"
                    if own != publicKey {
                        faults.append(
                            "\(directory.publicFile(name)) does not belong to \(directory.keyFile(name)); "
                                + "write it again with: collector keys generate \(name)"
                        )
                    }
                }
            } catch {
                secret = "unusable"
                faults.append("\(error)")
            }
            let fingerprint = publicKey.flatMap(KeyFingerprint.of) ?? "-"
            rows.append([name, BusRole(keyName: name).rights, fingerprint, publicKey ?? "-", secret])
        }
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ").trimmedEnd + "\n"
        }.joined()
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
