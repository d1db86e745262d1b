import Protocol
import Testing

@testable import collector

@Suite struct TapFilterTests {
    @Test func `subscribes to whole partitions so that gaps can be told`() {
        let partition = Partition.of("quietharbor")
        let digits = partition < 10 ? "0\(partition)" : "\(partition)"
        #expect(TapFilter(channels: ["#QuietHarbor"], types: []).topics == ["chat.p\(digits).", "stream.p\(digits)."])
        #expect(TapFilter(channels: [], types: ["channel.ban"]).topics == ["chat.", "stream."])
    }

    @Test func `an empty filter shows everything`() {
        #expect(TapFilter(channels: [], types: []).isEmpty)
        #expect(!TapFilter(channels: ["a"], types: []).isEmpty)
    }
}
