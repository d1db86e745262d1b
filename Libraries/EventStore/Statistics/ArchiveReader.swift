/// Reads what an archive says about streams. Changes nothing, and may run while writers write.
package protocol ArchiveReader: Sendable {
    /// The newest streams of a channel, newest first, by any login that it had. Nil when no row knows the channel.
    func streams(of login: String, last: Int) async throws(EventStoreError) -> [String]?

    /// The figures of one stream. Nil when it is unknown.
    func statistics(of streamID: String) async throws(EventStoreError) -> StreamStatistics?
}
