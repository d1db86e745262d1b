import PrivateFiles

/// The two files of a producer's ipc sockets, as they were when they were bound.
struct SocketFiles: Sendable {
    /// What became of them.
    enum State: Hashable, Sendable {
        case inPlace
        /// One is gone, or is a file at which nobody listens: nobody new can connect, and both are to be bound again.
        case removed
        /// Another process listens there.
        case taken(path: String)
    }

    private var files: [(path: String, identity: FileIdentity)] = []

    /// Nil for tcp, which has none. Called when both have just been bound.
    init?(of address: BusAddress) {
        guard case .ipc(let path) = address.transport else { return nil }
        for path in [path, path + ".req"] {
            guard let identity = FileIdentity(path: path) else { continue }
            files.append((path, identity))
        }
    }

    var state: State {
        for (path, identity) in files where !identity.isStill(at: path) {
            return PrivateSocket.isListenedTo(path) ? .taken(path: path) : .removed
        }
        return files.count == 2 ? .inPlace : .removed
    }

    /// Removes those that are still ours.
    func remove() {
        for (path, identity) in files where FileIdentity(path: path) == identity { DurableFile.remove(path) }
    }
}
