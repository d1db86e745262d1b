import Foundation
import Testing

@testable import twitch_simulator

@Suite struct RecentMessagesTests {
    private struct Answer: Decodable {
        var messages: [String]
        var error: String?
        var errorCode: String?
    }

    private static func ask(_ running: RunningSimulator, _ path: String) async throws -> (status: UInt, Answer) {
        let answer = try await running.get("api/v2/recent-messages/\(path)")
        return (answer.status, try RunningSimulator.decode(answer.body))
    }

    private static func message(_ number: Int, _ text: String, at time: Int = 5) -> String {
        let tags = "badges=;color=;id=m\(number);room-id=9;tmi-sent-ts=\(time);user-id=7;display-name=Ola"
        return "@\(tags) :ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor :\(text)"
    }

    private static func say(_ running: RunningSimulator, _ line: String) async throws {
        let body = try JSONSerialization.data(withJSONObject: ["channel": "quietharbor", "line": line])
        #expect(try await running.post("say", String(decoding: body, as: UTF8.self)).status == 200)
    }

    @Test func `a room is remembered from the first question on, whether anybody reads it or not`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            try await Self.say(running, Self.message(1, "before"))
            let (status, first) = try await Self.ask(running, "quietharbor")
            #expect(status == 200 && first.messages.isEmpty && first.errorCode == "channel_not_joined")
            try await Self.say(running, Self.message(2, "two words"))
            let (_, second) = try await Self.ask(running, "quietharbor")
            #expect(second.messages.count == 1 && second.error == nil && second.errorCode == nil)
            time.advance(seconds: 86_401)
            #expect(try await Self.ask(running, "quietharbor").1.errorCode == "channel_not_joined")
        }
    }

    @Test func `lines come back with other tags in another order, and short texts without a colon`() async throws {
        try await withSimulator(clock: ManualTime().clock) { running in
            _ = try await Self.ask(running, "quietharbor")
            try await Self.say(running, Self.message(1, "word"))
            try await Self.say(running, Self.message(2, ":)"))
            try await Self.say(
                running,
                "@login=ola;room-id=;target-msg-id=m1;tmi-sent-ts=6 :tmi.twitch.tv CLEARMSG #quietharbor :word"
            )
            let lines = try await Self.ask(running, "quietharbor").1.messages
            try #require(lines.count == 3)
            #expect(lines[0].hasSuffix(" PRIVMSG #quietharbor word") && lines[1].hasSuffix(" #quietharbor ::)"))
            let tags = Set(lines[0].dropFirst().prefix { $0 != " " }.split(separator: ";").map(String.init))
            #expect(tags.isSuperset(of: ["historical=1", "rm-deleted=1", "rm-received-ts=1790000001000", "id=m1"]))
            #expect(!lines[0].hasPrefix("@badges;color;id=m1"))
            #expect(!lines[1].contains("rm-deleted"))
        }
    }

    @Test func `it keeps 500 lines, and gives the newest of a time`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            _ = try await Self.ask(running, "quietharbor")
            for number in 1...520 {
                time.advance(seconds: 0.001)
                try await Self.say(running, Self.message(number, "n \(number)"))
            }
            func numbers(_ query: String) async throws -> [Int] {
                try await Self.ask(running, "quietharbor\(query)").1.messages
                    .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            }
            #expect(try await numbers("?limit=1000") == Array(21...520))
            #expect(try await numbers("?limit=2") == [519, 520])
            #expect(
                try await numbers("?after=1790000001100&before=1790000001105") == [101, 102, 103, 104]
            )
        }
    }

    @Test func `questions that make no sense and faults are answered with their status`() async throws {
        try await withSimulator { running in
            for (path, code) in [
                ("UPPER%20CASE", "invalid_channel_login"), ("quietharbor?limit=0", "invalid_query"),
                ("quietharbor?after=soon", "invalid_query"),
            ] {
                let (status, answer) = try await Self.ask(running, path)
                #expect(status == 400 && answer.errorCode == code && answer.messages.isEmpty)
            }
            let fault = #"{"status":403,"message":"channel_ignored"}"#
            #expect(try await running.post("faults/history", fault).status == 200)
            let (status, answer) = try await Self.ask(running, "quietharbor")
            #expect(status == 403 && answer.errorCode == "channel_ignored")
            #expect(try await Self.ask(running, "quietharbor").0 == 200)
            _ = try await running.post("faults/history", #"{"status":503}"#)
            let page = try await running.get("api/v2/recent-messages/quietharbor")
            #expect(page.status == 503 && page.body.contains("<html>"))
        }
    }
}
