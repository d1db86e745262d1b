/// A line that a client sent.
///
/// Written without the product's parser on purpose: the simulator is an independent opinion of what IRC is.
struct ClientLine: Equatable, Sendable {
    let command: String
    let parameters: [String]

    init?(_ text: some StringProtocol) {
        var words: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.first == ":", !words.isEmpty {
                words.append(String(rest.dropFirst()))
                break
            }
            let end = rest.firstIndex(of: " ") ?? rest.endIndex
            if end > rest.startIndex { words.append(String(rest[..<end])) }
            rest = rest[end...].drop { $0 == " " }
        }
        // Client tags such as @client-nonce=… come before the command.
        if words.first?.first == "@" { words.removeFirst() }
        guard let command = words.first else { return nil }
        self.command = command
        self.parameters = Array(words.dropFirst())
    }
}
