package import EventStore
package import Protocol
import Testing

/// An hour of one stream, for whatever counts what happened in it.
package enum StatisticsScenario {
    package static func at(_ minutes: Int) -> Timestamp {
        Timestamp(rawValue: ConformanceEvents.time.rawValue + Int64(minutes) * 60_000)
    }

    /// An hour of stream as the services tell it, and chat of another room in it.
    package static func events() -> [(Event, Timestamp)] {
        var events: [(Event, Timestamp)] = [(.streamOnline(ConformanceEvents.streamOnline), at(0))]
        for number in 0..<30 {
            var message = ConformanceEvents.message("m\(number)")
            message.sentAt = at(number)
            message.source = nil
            message.cheer = number == 3 ? Cheer(bits: 250) : nil
            if number.isMultiple(of: 10) {
                message.chatterUserID = "201"
                message.chatterUserLogin = "olaf"
                message.chatterUserName = "Olaf"
            }
            events.append((.chatMessage(message), message.sentAt))
        }
        var mirrored = ConformanceEvents.message("mirrored")
        mirrored.sentAt = at(5)
        var later = ConformanceEvents.message("offline")
        later.sentAt = at(61)
        var again = ConformanceEvents.timeout
        again.bannedAt = at(7)
        var deletion = ConformanceEvents.deletion
        deletion.deletedAt = at(8)
        let chat: [Event] = [
            .chatMessage(mirrored), .chatMessage(later), .ban(ConformanceEvents.timeout), .ban(again),
            .chatMessageDelete(deletion), .chatNotification(ConformanceEvents.notification),
        ]
        events += chat.map { ($0, at(1)) }
        events.append((.collectionStarted(started), at(0)))
        events.append((.collectionStopped(stopped), at(45)))
        events.append((.streamOffline(ended), at(64)))
        events.append((.userUpdate(renamed), at(70)))
        return events
    }

    package static let started = CollectionStarted(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        sessionID: "s",
        gateway: "gw-7f3a",
        connection: 0,
        startedAt: at(-10)
    )
    package static let stopped = CollectionStopped(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        sessionID: "s",
        gateway: "gw-7f3a",
        connection: 0,
        reason: "connection_lost",
        stoppedAt: at(45)
    )
    package static let ended = StreamOffline(
        broadcasterUserID: "100",
        broadcasterUserLogin: "quietharbor",
        broadcasterUserName: "QuietHarbor",
        streamID: "40000000001",
        endedAt: at(60),
        endedAtBasis: "observed"
    )
    package static let renamed = UserUpdate(
        userID: "100",
        userLogin: "loudharbor",
        userName: "LoudHarbor",
        previousUserLogin: "quietharbor",
        observedAt: at(70)
    )

    /// Puts all of it into a store and settles what belongs to which stream.
    package static func fill(_ store: any EventStore) async throws {
        _ = try await store.open()
        var places = ConformanceEvents()
        let envelopes = events().map { places.next($0.0, time: $0.1) }
        _ = try await store.commit(places.batch(envelopes, base: .zero).batch)
        while try await store.settleAttribution(rows: 1000).isUnfinished {}
    }

    /// What every reader must find out about the channel of a filled store.
    package static func checkChannel(by reader: any ArchiveReader) async throws {
        #expect(try await reader.streams(of: "quietharbor", last: 5) == ["40000000001"])
        #expect(try await reader.streams(of: "loudharbor", last: 5) == ["40000000001"])
        #expect(try await reader.streams(of: "nobody", last: 5) == nil)
        #expect(try await reader.statistics(of: "1") == nil)
    }

    /// Puts the stream into a store whose clock stands at minute 30, with a session that has no end.
    package static func fillWithOpenSession(_ store: any EventStore) async throws {
        _ = try await store.open()
        var places = ConformanceEvents()
        let told: [Event] = [
            .streamOnline(ConformanceEvents.streamOnline), .collectionStarted(started), .streamOffline(ended),
        ]
        let envelopes = told.map { places.next($0) }
        _ = try await store.commit(places.batch(envelopes, base: .zero).batch)
    }

    /// What every reader must make of that: the session counts until its gateway was last heard of.
    package static func checkOpenSession(by reader: any ArchiveReader) async throws {
        let coverage = try #require(try await reader.statistics(of: "40000000001")?.coverage)
        #expect(coverage.share == 0.5 && coverage.isAtLeast)
    }
}
