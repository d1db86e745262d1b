import Protocol
import Testing

@Suite struct TopicTests {
    @Test func `has a partition of two digits`() throws {
        let topic = Topic(domain: .chat, partition: 7, subject: "quietharbor", type: .chatMessage)
        #expect(topic.description == "chat.p07.quietharbor.channel.chat.message")
        #expect(Topic("chat.p07.quietharbor.channel.chat.message") == topic)
        #expect(
            Topic(domain: .stream, subject: "quietharbor", type: .streamOnline).partition == Partition.of("quietharbor")
        )
    }

    @Test(arguments: [
        ("Quiet.Harbor", "quiet_harbor"), ("", "_"), ("a b\nc\0", "a_b_c_"), ("é", "__"),
        (String(repeating: "x", count: 500), String(repeating: "x", count: 96)),
    ])
    func `odd characters of a login are replaced`(login: String, text: String) {
        let topic = Topic(domain: .chat, subject: login, type: .chatMessage)
        #expect(topic.subject == text)
        #expect(topic.partition == Partition.of(login))
        #expect(Topic(topic.description) == topic)
    }

    @Test func `is never longer than 200 bytes`() {
        let topic = Topic(
            domain: .stream,
            subject: String(repeating: "x", count: 500),
            type: EventType(rawValue: String(repeating: "\n", count: 500))
        )
        #expect(topic.description.utf8.count <= Topic.maximumBytes)
        #expect(Topic(topic.description) == topic)
    }

    @Test(arguments: [
        "", "chat", "chat.p7.a.b", "chat.p32.a.b", "chat.p-1.a.b", "chat.p+1.a.b", "chat.p07..b", "chat.p07.a.",
        "hb.gw-7f3a", "chat.p07.A.b", "other.p07.a.b", "chat.x07.a.b", "chat.p07.a",
    ])
    func `what is not written so is not read`(text: String) {
        #expect(Topic(text) == nil)
    }
}
