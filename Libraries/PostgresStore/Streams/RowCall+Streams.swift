import EventStore
import Protocol

extension RowCall {
    /// A stream's row. Without a sighting of ours the snapshot that the predecessor wrote stays.
    init(_ record: StreamRecord, _ viewers: StreamViewers, now: Timestamp) {
        self.init(.stream) { fields in
            let details = record.latest?.details
            let end = record.end
            fields.text(record.streamID)
            fields.text(record.userID)
            fields.text(record.userLogin)
            fields.text(record.userName)
            fields.time(record.startedAt)
            fields.time(record.latest?.observedAt)
            fields.integer(record.latest?.viewerCount)
            fields.text(details?.title)
            fields.text(details?.categoryID)
            fields.text(details?.categoryName)
            fields.text(details?.language)
            fields.boolean(details?.isMature)
            fields.text(details?.tags.jsonText)
            fields.time(end?.endedAt)
            fields.text(end.flatMap { $0.basis.isEmpty ? nil : $0.basis })
            fields.time(end.flatMap { $0.knownAt == .earliest ? nil : $0.knownAt })
            fields.integer(viewers.peak)
            fields.bigInteger(Int64(viewers.sum))
            fields.integer(viewers.samples)
            fields.time(now)
            fields.time(now)
        }
    }

    init(sampleOf streamID: String, at time: Timestamp, viewers: Int) {
        self.init(.sample) { fields in
            fields.text(streamID)
            fields.time(time)
            fields.integer(viewers)
        }
    }

    init(_ change: StreamHistoryPlace.Change, of streamID: String) {
        guard let details = change.details else {
            self.init(.changeRemoved) { fields in
                fields.text(streamID)
                fields.time(change.at)
            }
            return
        }
        self.init(.change) { fields in
            fields.text(streamID)
            fields.time(change.at)
            fields.text(details.title)
            fields.text(details.categoryID)
            fields.text(details.categoryName)
            fields.text(details.language)
            fields.boolean(details.isMature)
            fields.text(details.tags.jsonText)
        }
    }

    /// Under which login a channel's id is known. Of two claims about one moment every writer keeps the same.
    init(_ event: UserUpdate, now: Timestamp) {
        self.init(.channelName) { fields in
            fields.text(event.userID)
            fields.time(event.observedAt)
            fields.text(event.userLogin)
            fields.text(event.userName)
            fields.text(event.previousUserLogin)
            fields.time(now)
        }
    }

    init(pending table: String, _ channel: String, from: Timestamp, through: Timestamp) {
        self.init(.attributionPending) { fields in
            fields.text(table)
            fields.text(channel)
            fields.time(from)
            fields.time(through)
        }
    }
}
