import Protocol
import Synchronization

/// The present state of topics that are not logs: what SNAP answers.
final class SnapshotRegistry: Sendable {
    private struct Snapshot {
        var version: Int
        var json: [UInt8]
    }

    private let snapshots = Mutex<[String: Snapshot]>([:])

    /// Replaces a topic's state, unless a higher version is there.
    func set(_ topic: String, version: Int, json: [UInt8]) {
        snapshots.withLock { snapshots in
            if let known = snapshots[topic], known.version > version { return }
            snapshots[topic] = Snapshot(version: version, json: json)
        }
    }

    func answer(_ request: SnapRequest) -> BusReply {
        guard let snapshot = snapshots.withLock({ $0[request.topic] }) else {
            return .error(
                ErrorReply(request: request.request, code: "unknown_topic", message: "this producer has no such state")
            )
        }
        return .snap(SnapReply(request: request.request, version: snapshot.version, state: snapshot.json))
    }
}
