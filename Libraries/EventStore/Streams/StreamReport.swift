package import Protocol

/// What one event says about one stream.
package struct StreamReport: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// It was live. The start is known from `stream.online` only.
        case seen(StreamObservation, startedAt: Timestamp?)
        case over(StreamEnd)
    }

    package var streamID: String
    package var userID: String
    package var userLogin: String
    package var userName: String
    package var content: Content

    /// Nil for an event about something else. `time` is the envelope's.
    package init?(_ event: Event, time: Timestamp) {
        switch event {
        case .streamOnline(let event): self.init(event, time: time)
        case .streamUpdate(let event): self.init(event)
        case .streamOffline(let event): self.init(event, time: time)
        default: return nil
        }
    }

    private init(_ event: StreamOnline, time: Timestamp) {
        streamID = event.streamID
        userID = event.broadcasterUserID
        userLogin = event.broadcasterUserLogin
        userName = event.broadcasterUserName
        let details = StreamDetails(
            title: event.title,
            categoryID: event.categoryID,
            categoryName: event.categoryName,
            language: event.language,
            isMature: event.isMature,
            tags: event.tags
        )
        let observation = StreamObservation(
            observedAt: time,
            viewerCount: event.viewerCount,
            details: details,
            userLogin: event.broadcasterUserLogin,
            userName: event.broadcasterUserName
        )
        content = .seen(observation, startedAt: event.startedAt)
    }

    private init(_ event: StreamUpdate) {
        streamID = event.streamID
        userID = event.broadcasterUserID
        userLogin = event.broadcasterUserLogin
        userName = event.broadcasterUserName
        let details = StreamDetails(
            title: event.title,
            categoryID: event.categoryID,
            categoryName: event.categoryName,
            language: event.language,
            isMature: event.isMature,
            tags: event.tags
        )
        let observation = StreamObservation(
            observedAt: event.observedAt,
            viewerCount: event.viewerCount,
            details: details,
            userLogin: event.broadcasterUserLogin,
            userName: event.broadcasterUserName
        )
        content = .seen(observation, startedAt: nil)
    }

    private init(_ event: StreamOffline, time: Timestamp) {
        streamID = event.streamID
        userID = event.broadcasterUserID
        userLogin = event.broadcasterUserLogin
        userName = event.broadcasterUserName
        content = .over(StreamEnd(endedAt: event.endedAt, basis: event.endedAtBasis, knownAt: time))
    }
}

extension Event {
    /// Whether there is a `StreamReport` in it.
    package var reportsStream: Bool {
        switch self {
        case .streamOnline, .streamUpdate, .streamOffline: true
        default: false
        }
    }
}
