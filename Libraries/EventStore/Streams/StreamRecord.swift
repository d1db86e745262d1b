package import Protocol

/// All that is kept about one stream: a row of `streams`.
///
/// Reports may come in any order, several times, and from several pollers: whatever the order, the record ends the same.
package struct StreamRecord: Hashable, Sendable {
    package var streamID: String
    package var userID: String
    package var userLogin: String
    package var userName: String
    package var startedAt: Timestamp?
    /// The latest sighting; nil while only its end is known, and in rows that the predecessor wrote.
    package var latest: StreamObservation?
    /// Nil while it is live.
    package var end: StreamEnd?

    package init(
        streamID: String,
        userID: String,
        userLogin: String,
        userName: String,
        startedAt: Timestamp? = nil,
        latest: StreamObservation? = nil,
        end: StreamEnd? = nil
    ) {
        self.streamID = streamID
        self.userID = userID
        self.userLogin = userLogin
        self.userName = userName
        self.startedAt = startedAt
        self.latest = latest
        self.end = end
    }

    /// The record of a stream of which this is the first report.
    package init(_ report: StreamReport) {
        self.init(
            streamID: report.streamID,
            userID: report.userID,
            userLogin: report.userLogin,
            userName: report.userName
        )
        merge(report)
    }

    /// Takes a report in.
    package mutating func merge(_ report: StreamReport) {
        switch report.content {
        case .seen(let observation, let start):
            if let start { startedAt = startedAt.map { min($0, start) } ?? start }
            guard latest.map({ $0 < observation }) ?? true else { return }
            latest = observation
            userLogin = observation.userLogin
            userName = observation.userName
            // Seen after its end was concluded: it was not over.
            if let end, end.knownAt < observation.observedAt { self.end = nil }
        case .over(let conclusion):
            if let latest, latest.observedAt > conclusion.knownAt { return }
            guard end.map({ $0 < conclusion }) ?? true else { return }
            end = conclusion
            if latest == nil {
                userLogin = report.userLogin
                userName = report.userName
            }
        }
    }

    /// Its place on the channel's timeline. Nil until its start is known, and for a stream that only the predecessor
    /// saw: it often never recorded the end, and everything said since would belong to it.
    package var span: StreamSpan? {
        guard let startedAt, latest != nil else { return nil }
        return StreamSpan(streamID: streamID, startedAt: startedAt, endedAt: end?.endedAt)
    }
}
