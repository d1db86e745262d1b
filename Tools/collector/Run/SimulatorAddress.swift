import FoundationEssentials
import Synchronization

/// Where the simulator listens, as it says on standard output when it is ready.
final class SimulatorAddress: Sendable {
    /// The line: `{"irc":"ws://127.0.0.1:1234","control":"http://127.0.0.1:1235"}`.
    private struct Announcement: Decodable {
        var irc: String
        var control: String
    }

    private let announced = Mutex<String?>(nil)
    private let ready = Latch()

    /// The IRC endpoint; nil until it was announced.
    var irc: String? { announced.withLock { $0 } }

    /// The port to ask for: any at first, the same again after a restart, because the gateway knows it.
    var port: String {
        guard let irc, let colon = irc.lastIndex(of: ":") else { return "0" }
        return String(irc[irc.index(after: colon)...].prefix { $0.isNumber })
    }

    func read(_ line: String) {
        guard let announcement = try? JSONDecoder().decode(Announcement.self, from: Data(line.utf8)) else { return }
        announced.withLock { $0 = announcement.irc }
        ready.open()
    }

    /// Waits for the announcement, or for the end of patience.
    /// - Returns: The IRC endpoint, nil when it never came.
    func wait(atMost patience: Duration) async -> String? {
        await ready.wait(atMost: patience)
        return irc
    }
}
