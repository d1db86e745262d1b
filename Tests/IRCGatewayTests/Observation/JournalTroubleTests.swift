import Testing

@testable import irc_gateway

@Suite struct JournalTroubleTests {
    @Test func `trouble is told with what it costs until it is over`() {
        let trouble = JournalTrouble()
        #expect(trouble.obstacle(waiting: 3) == nil)
        trouble.report("the disk is full")
        #expect(trouble.isThere)
        #expect(trouble.obstacle(waiting: 1200) == "the disk is full; keeping 1200 events in memory")
        trouble.report(nil)
        #expect(!trouble.isThere)
        #expect(trouble.obstacle(waiting: 0) == nil)
    }
}
