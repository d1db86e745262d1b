/// Who sent a request, as far as the connection proves it.
enum RequestSender: Hashable, Sendable {
    /// Over a connection that is not encrypted: whoever can reach the socket, which for ipc is our own user.
    case anybody
    /// The owner of the key that is allowed under this name.
    case key(String)

    /// Whether it may say what a database has committed: only what a writer says may make a journal forget.
    var mayAcknowledge: Bool {
        switch self {
        case .anybody: true
        case .key(let name): BusRole(keyName: name) == .writer
        }
    }
}
