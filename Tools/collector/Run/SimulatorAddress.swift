import FoundationEssentials
import Synchronization

/// Where the simulator listens, as it says on standard output each time it is ready.
final class SimulatorAddress: Sendable {
    /// The line: `{"api":"http://127.0.0.1:1235/helix","auth":…,"control":…,"irc":"ws://127.0.0.1:1234"}`.
    struct Announcement: Decodable, Hashable, Sendable {
        var irc: String
        var control: String
        var api: String
        var auth: String
    }

    /// Each start of the simulator.
    let announcements: AsyncStream<Announcement>
    private let newAnnouncement: AsyncStream<Announcement>.Continuation
    private let announced = Mutex<Announcement?>(nil)
    private let ready = Latch()

    init() {
        (announcements, newAnnouncement) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Nil until it was announced.
    var current: Announcement? { announced.withLock { $0 } }

    /// The ports to ask for: any at first, the same again after a restart, because the services know them.
    var ports: (irc: String, control: String) {
        (Self.port(current?.irc) ?? "0", Self.port(current?.control) ?? "0")
    }

    func read(_ line: String) {
        guard let announcement = try? JSONDecoder().decode(Announcement.self, from: Data(line.utf8)) else { return }
        announced.withLock { $0 = announcement }
        newAnnouncement.yield(announcement)
        ready.open()
    }

    /// Waits for the announcement, or for the end of patience.
    /// - Returns: Nil when it never came.
    func wait(atMost patience: Duration) async -> Announcement? {
        await ready.wait(atMost: patience)
        return current
    }

    private static func port(_ url: String?) -> String? {
        guard let url, let colon = url.lastIndex(of: ":") else { return nil }
        return String(url[url.index(after: colon)...].prefix { $0.isNumber })
    }
}
