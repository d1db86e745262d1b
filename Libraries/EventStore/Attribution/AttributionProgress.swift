/// What one step of `EventStore.settleAttribution(rows:)` did.
package struct AttributionProgress: Hashable, Sendable {
    /// Rows whose stream was looked at again.
    package var examined: Int
    /// Rows whose `stream_id` was wrong until now.
    package var changed: Int
    /// Whether another step has something to do.
    package var isUnfinished: Bool

    package init(examined: Int, changed: Int, isUnfinished: Bool) {
        self.examined = examined
        self.changed = changed
        self.isUnfinished = isUnfinished
    }
}
