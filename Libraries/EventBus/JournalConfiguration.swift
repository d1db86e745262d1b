/// How a journal keeps its events.
package struct JournalConfiguration: Sendable {
    /// What a commit survives.
    package enum Sync: String, Sendable {
        /// Power loss.
        case full
        /// `kill -9` of the process.
        case normal
    }

    package var sync: Sync
    /// Follower groups whose committed offsets hold segments back from pruning.
    package var requiredGroups: [String]
    /// Size at which a new segment is begun, in bytes.
    package var segmentBytes: Int
    /// All segments together, in bytes: beyond it the oldest goes, acknowledged or not.
    package var capBytes: Int
    /// How long a segment is kept after everything in it was acknowledged: a database that loses its last commits to a
    /// failover gets them again.
    package var minimumAge: Duration

    package init(
        sync: Sync = .full,
        requiredGroups: [String] = ["writer"],
        segmentBytes: Int = 64 << 20,
        capBytes: Int = 8 << 30,
        minimumAge: Duration = .seconds(3600)
    ) {
        self.sync = sync
        self.requiredGroups = requiredGroups
        self.segmentBytes = segmentBytes
        self.capBytes = capBytes
        self.minimumAge = minimumAge
    }
}
