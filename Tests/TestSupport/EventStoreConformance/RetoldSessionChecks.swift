import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// Sessions whose times were told by a wrong clock, and again when it was right.
    static let retoldSessions: [EventStoreConformance] = [
        EventStoreConformance("a session that is told again has its new times, and keeps the first reason of its end") {
            harness in
            let store = try harness.makeStore()
            _ = try await store.open()
            var events = ConformanceEvents()
            var base = Offset.zero
            func time(_ seconds: Int64) -> Timestamp {
                Timestamp(rawValue: ConformanceEvents.time.rawValue + seconds * 1000)
            }
            func started(_ seconds: Int64) -> Event {
                .collectionStarted(
                    CollectionStarted(
                        broadcasterUserID: "100",
                        broadcasterUserLogin: "quietharbor",
                        sessionID: "s",
                        gateway: "gw-7f3a",
                        connection: 1,
                        startedAt: time(seconds)
                    )
                )
            }
            func stopped(_ seconds: Int64, _ reason: String) -> Event {
                .collectionStopped(
                    CollectionStopped(
                        broadcasterUserID: "100",
                        broadcasterUserLogin: "quietharbor",
                        sessionID: "s",
                        gateway: "gw-7f3a",
                        connection: 1,
                        reason: reason,
                        stoppedAt: time(seconds)
                    )
                )
            }
            let told: [(event: Event, isNew: Bool)] = [
                (started(7200), true), (started(7200), false), (started(0), true), (stopped(60, "parted"), true),
                (stopped(60, "parted"), false), (stopped(30, "parted"), true), (stopped(90, "crashed"), false),
            ]
            for (event, isNew) in told {
                let envelope = events.next(event)
                let outcome = try await store.commit(events.batch([envelope], base: base).batch)
                #expect(
                    outcome == .committed(inserted: isNew ? 1 : 0, duplicates: isNew ? 0 : 1),
                    "\(event)"
                )
                base = envelope.offset
            }
            let row = try await harness.rows("SELECT count(*), max(stop_reason) FROM collection_sessions")
            #expect(row == [["1", "parted"]])
            await store.close()
        }
    ]
}
