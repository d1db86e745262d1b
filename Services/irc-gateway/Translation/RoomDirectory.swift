import Synchronization

/// The user ids of channels, learnt from their lines: some lines leave the id out.
final class RoomDirectory: Sendable {
    private let ids = Mutex<[String: String]>([:])

    func learn(_ id: String, of login: String) {
        guard !id.isEmpty else { return }
        ids.withLock { $0[login] = id }
    }

    /// The id, or the empty string where none is known.
    func id(of login: String) -> String {
        ids.withLock { $0[login] } ?? ""
    }

    /// `sent` unless it is empty.
    func id(_ sent: String, of login: String) -> String {
        sent.isEmpty ? id(of: login) : sent
    }
}
