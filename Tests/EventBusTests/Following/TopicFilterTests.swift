import EventBus
import Protocol
import Testing

struct TopicFilterTests {
    @Test func `whole domains follow every partition with three subscriptions`() {
        let filter = TopicFilter(["chat.", "stream."])
        #expect(filter.partitions.count == Partition.count)
        #expect(filter.subscriptions == ["chat.", "stream.", "token."])
        #expect(filter.wants(Array("stream.p07.quietharbor.stream.online\n{}".utf8)))
        #expect(!filter.wants(Array("token.p07.x.token.issued\n{}".utf8)))
    }

    @Test func `one channel follows its partition whole, or its neighbours would look like losses`() {
        let filter = TopicFilter(["chat.p07.quietharbor."])
        #expect(filter.partitions == [7])
        #expect(filter.subscriptions == ["chat.p07.", "stream.p07.", "token.p07."])
        #expect(filter.wants(Array("chat.p07.quietharbor.channel.ban\n{}".utf8)))
        #expect(!filter.wants(Array("chat.p07.neighbour.channel.ban\n{}".utf8)))
    }

    @Test func `never more than a hundred subscriptions`() {
        let topics = (0..<31).map { "chat.p\($0 < 10 ? "0" : "")\($0)." }
        #expect(TopicFilter(topics).subscriptions.count == 93)
        #expect(TopicFilter(topics + ["chat.p31."]).subscriptions.count == 3)
    }

    @Test func `of the wanted partitions some may be subscribed to`() {
        let filter = TopicFilter(["chat.", "stream."])
        #expect(filter.subscriptions(to: [7]) == ["chat.p07.", "stream.p07.", "token.p07."])
        #expect(filter.subscriptions(to: []) == [])
        #expect(filter.subscriptions(to: Set(0..<32)) == ["chat.", "stream.", "token."])
    }
}
