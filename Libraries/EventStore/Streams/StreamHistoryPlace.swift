package import Protocol

/// The surroundings of one observation in a stream's recorded history, and what to write when it is taken in.
///
/// `stream_samples` has a row for each observation, `stream_changes` one for each observation whose details differ from
/// the one before. An observation that comes late may split or join what is recorded around it.
package struct StreamHistoryPlace: Hashable, Sendable {
    /// The details in force just before the moment; nil when nothing is known of before.
    package var before: StreamDetails?
    /// The viewers already recorded for this very moment.
    package var currentViewers: Int?
    /// The change already recorded for this very moment.
    package var currentChange: StreamDetails?
    /// The moment of the next observation.
    package var next: Timestamp?
    /// The change recorded for the next observation.
    package var nextChange: StreamDetails?

    package init(
        before: StreamDetails?,
        currentViewers: Int? = nil,
        currentChange: StreamDetails? = nil,
        next: Timestamp? = nil,
        nextChange: StreamDetails? = nil
    ) {
        self.before = before
        self.currentViewers = currentViewers
        self.currentChange = currentChange
        self.next = next
        self.nextChange = nextChange
    }

    /// What is to be written for an observation.
    package struct Edits: Hashable, Sendable {
        /// The observation's viewers, and those that they replace.
        package var viewers: Int
        package var replacedViewers: Int?
        /// Rows of `stream_changes` to write; nil details take the row away.
        package var changes: [Change]
    }

    package struct Change: Hashable, Sendable {
        package var at: Timestamp
        package var details: StreamDetails?

        package init(at: Timestamp, details: StreamDetails?) {
            self.at = at
            self.details = details
        }
    }

    /// Nil when the observation is recorded already, or one that precedence prefers.
    package func edits(taking observation: StreamObservation) -> Edits? {
        let recorded = currentChange ?? before
        if let currentViewers, let recorded {
            let known = (currentViewers, recorded)
            guard known < (observation.viewerCount, observation.details) else { return nil }
        }
        var changes: [Change] = []
        let own = observation.details == before ? nil : observation.details
        if own != currentChange { changes.append(Change(at: observation.observedAt, details: own)) }
        if let next, let following = nextChange ?? recorded {
            let kept = following == observation.details ? nil : following
            if kept != nextChange { changes.append(Change(at: next, details: kept)) }
        }
        return Edits(viewers: observation.viewerCount, replacedViewers: currentViewers, changes: changes)
    }
}
