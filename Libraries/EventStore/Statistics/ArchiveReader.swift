package import Protocol

/// Reads what an archive says about streams and channels. Changes nothing, and may run while writers write.
package protocol ArchiveReader: Sendable {
    /// The newest streams of a channel, newest first, by any login that it had. Nil when no row knows the channel.
    func streams(of login: String, last: Int) async throws(EventStoreError) -> [String]?

    /// The figures of one stream. Nil when it is unknown.
    func statistics(of streamID: String) async throws(EventStoreError) -> StreamStatistics?

    /// What was listened to of these channels, by any login that they had; of all that have sessions when nil.
    ///
    /// A channel that the archive does not know was not listened to. `end` is not in the future.
    func coverage(
        of logins: [String]?,
        from start: Timestamp,
        through end: Timestamp
    ) async throws(EventStoreError) -> [ChannelCoverage]
}
