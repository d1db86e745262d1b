package import EventStore
package import Protocol
import Testing

/// An hour in which a channel was heard, lost, refused, heard under another name, and in which a journal lost events.
package enum CoverageScenario {
    package static func at(_ minutes: Int) -> Timestamp { StatisticsScenario.at(minutes) }

    private static func started(_ id: String, _ minute: Int, login: String = "quietharbor") -> Event {
        .collectionStarted(
            CollectionStarted(
                broadcasterUserID: "100",
                broadcasterUserLogin: login,
                sessionID: id,
                gateway: "gw-7f3a",
                connection: 0,
                startedAt: at(minute)
            )
        )
    }

    private static func stopped(
        _ id: String,
        _ minute: Int,
        _ reason: String,
        login: String = "quietharbor",
        userID: String = "100"
    ) -> Event {
        .collectionStopped(
            CollectionStopped(
                broadcasterUserID: userID,
                broadcasterUserLogin: login,
                sessionID: id,
                gateway: "gw-7f3a",
                connection: 0,
                reason: reason,
                stoppedAt: at(minute)
            )
        )
    }

    private static func notice(_ minute: Int) -> Event {
        .chatNotice(
            ChatNotice(
                broadcasterUserID: "100",
                broadcasterUserLogin: "quietharbor",
                noticeID: "slow_off",
                message: "",
                receivedAt: at(minute),
                raw: ""
            )
        )
    }

    private static let events = [
        started("a", -60), stopped("a", -30, "shutdown"),
        started("b", 0), stopped("b", 15, "connection_lost"),
        stopped("r", 16, "refused_banned", userID: ""),
        notice(20),
        started("c", 30, login: "loudharbor"), stopped("c", 45, "crashed", login: "loudharbor"),
        notice(50),
        stopped("x", 5, "refused_no_answer", login: "mistyped", userID: ""),
        backfilled(15, 30, isComplete: true), backfilled(44, 50, isComplete: true),
        backfilled(-20, 0, isComplete: false, failure: "503"),
    ]

    private static func backfilled(_ from: Int, _ through: Int, isComplete: Bool, failure: String? = nil) -> Event {
        var backfill = ConformanceEvents.backfill
        backfill.holeStartedAt = at(from)
        backfill.holeEndedAt = at(through)
        backfill.isComplete = isComplete
        backfill.failure = failure
        return .collectionBackfilled(backfill)
    }

    /// Puts it into a store. Behind the eighth event one was lost that no journal had any more.
    package static func fill(_ store: any EventStore) async throws {
        _ = try await store.open()
        var places = ConformanceEvents()
        let envelopes = events.prefix(8).map { places.next($0) }
        _ = try await store.commit(places.batch(envelopes, base: .zero).batch)
        let base = envelopes.last?.offset ?? .zero
        _ = places.next(notice(47))
        let rest = events.dropFirst(8).map { places.next($0) }
        var batch = places.batch(rest, base: base).batch
        let through = Offset(epoch: base.epoch, sequence: base.sequence + 1)
        batch.gaps = [
            Gap(producer: places.producer, partition: 16, after: base, through: through, detectedAt: at(59))
        ]
        _ = try await store.commit(batch)
    }

    /// What every reader must find in it.
    package static func check(by reader: any ArchiveReader) async throws {
        let found = try await reader.coverage(of: ["loudharbor", "nobody"], from: at(-20), through: at(60))
        #expect(found.map(\.login) == ["loudharbor", "nobody"])
        let harbor = try #require(found.first).coverage
        #expect(harbor.share == 0.375 && !harbor.isAtLeast)
        #expect(
            harbor.holes == [
                hole(-20, 0, "shutdown"), hole(15, 30, "connection_lost", "refused_banned", backfill: .complete),
                hole(45, 60, "crashed", backfill: .partial),
            ]
        )
        #expect(found.last?.coverage.holes == [hole(-20, 60, "not_started")])
        #expect(found.last?.losses == [])

        let all = try await reader.coverage(of: nil, from: at(-20), through: at(60))
        #expect(all.map(\.login) == ["loudharbor", "mistyped"])
        #expect(all.last?.coverage.holes == [hole(-20, 60, "refused_no_answer")])

        let loss = try #require(all.first?.losses.first)
        #expect(all.first?.losses.count == 1 && loss.atMost == 1 && loss.producer == "gw-7f3a")
        #expect(loss.earliest == at(20) && loss.latest == at(50))
        #expect(try await reader.coverage(of: nil, from: at(55), through: at(60)).first?.losses == [])
    }

    private static func hole(
        _ from: Int,
        _ through: Int,
        _ causes: String...,
        backfill: Coverage.Backfill? = nil
    ) -> Coverage.Hole {
        Coverage.Hole(
            from: at(from),
            through: at(through),
            causes: causes.map { .init(rawValue: $0) },
            backfill: backfill
        )
    }
}
