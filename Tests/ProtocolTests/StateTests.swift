import Foundation
import Protocol
import Testing

/// What SNAP answers, as bytes that other languages read.
@Suite struct StateTests {
    private let time = Timestamp(milliseconds: 1_763_805_600_123)

    private func text(_ state: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(state), as: UTF8.self)
    }

    @Test func `the state of streams keeps its bytes and is read back`() throws {
        let update = StreamUpdate(
            broadcasterUserID: "1337",
            broadcasterUserLogin: "quietharbor",
            broadcasterUserName: "QuietHarbor",
            streamID: "40944725612",
            title: "Slow noon",
            categoryID: "509658",
            categoryName: "Just Chatting",
            language: "en",
            isMature: false,
            viewerCount: 240,
            observedAt: time
        )
        let state = StreamsState(streams: [.init(update: update, startedAt: time)], polledAt: time)
        let json = try text(state)
        #expect(
            json == """
                {"polled_at":"2025-11-22T10:00:00.123Z","streams":[{"broadcaster_user_id":"1337",\
                "broadcaster_user_login":"quietharbor","broadcaster_user_name":"QuietHarbor","category_id":"509658",\
                "category_name":"Just Chatting","is_mature":false,"language":"en",\
                "observed_at":"2025-11-22T10:00:00.123Z","started_at":"2025-11-22T10:00:00.123Z",\
                "stream_id":"40944725612","tags":[],"title":"Slow noon","viewer_count":240}]}
                """
        )
        #expect(try JSONDecoder().decode(StreamsState.self, from: Data(json.utf8)) == state)
        #expect(try text(StreamsState(streams: [], polledAt: nil)) == #"{"streams":[]}"#)
    }

    @Test func `the state of channels keeps its bytes and is read back`() throws {
        let state = ChannelsState(
            channels: [.init(listedAs: "oldharbor", userID: "1337", userLogin: "quietharbor", userName: "QuietHarbor")],
            unknown: ["typo"]
        )
        let json = try text(state)
        #expect(
            json == """
                {"channels":[{"listed_as":"oldharbor","user_id":"1337","user_login":"quietharbor",\
                "user_name":"QuietHarbor"}],"unknown":["typo"]}
                """
        )
        #expect(try JSONDecoder().decode(ChannelsState.self, from: Data(json.utf8)) == state)
    }
}
