package import Protocol

/// A stream as it was seen live at one moment.
package struct StreamObservation: Hashable, Sendable {
    package var observedAt: Timestamp
    package var viewerCount: Int
    package var details: StreamDetails
    package var userLogin: String
    package var userName: String

    package init(
        observedAt: Timestamp,
        viewerCount: Int,
        details: StreamDetails,
        userLogin: String,
        userName: String
    ) {
        self.observedAt = observedAt
        self.viewerCount = viewerCount
        self.details = details
        self.userLogin = userLogin
        self.userName = userName
    }
}

extension StreamObservation: Comparable {
    /// Later is greater. Two claims about one moment have an order too, so that all writers keep the same one.
    package static func < (a: StreamObservation, b: StreamObservation) -> Bool {
        if a.observedAt != b.observedAt { return a.observedAt < b.observedAt }
        if a.viewerCount != b.viewerCount { return a.viewerCount < b.viewerCount }
        if a.details != b.details { return a.details < b.details }
        return (a.userLogin, a.userName) < (b.userLogin, b.userName)
    }
}

/// A stream's end, as somebody concluded it.
package struct StreamEnd: Hashable, Sendable {
    package var endedAt: Timestamp
    /// See `StreamOffline.endedAtBasis`.
    package var basis: String
    /// When it was concluded: a later sighting of the same stream refutes it.
    package var knownAt: Timestamp

    package init(endedAt: Timestamp, basis: String, knownAt: Timestamp) {
        self.endedAt = endedAt
        self.basis = basis
        self.knownAt = knownAt
    }
}

extension StreamEnd: Comparable {
    /// The later conclusion is greater, then the later end.
    package static func < (a: StreamEnd, b: StreamEnd) -> Bool {
        (a.knownAt, a.endedAt, a.basis) < (b.knownAt, b.endedAt, b.basis)
    }
}
