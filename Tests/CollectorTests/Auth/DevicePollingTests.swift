import Testing

@testable import collector

@Suite struct DevicePollingTests {
    let start = ContinuousClock.now

    private func polling(interval: Int = 5, lifetime: Int = 1800) -> DevicePolling {
        DevicePolling(interval: .seconds(interval), lifetime: .seconds(lifetime), at: start)
    }

    @Test func `it asks at the given interval and no faster`() {
        var polling = polling()
        #expect(polling.first(at: start) == start + .seconds(5))
        #expect(polling.next(after: .pending, at: start + .seconds(5)) == start + .seconds(10))
        #expect(polling.next(after: .pending, at: start + .seconds(11)) == start + .seconds(16))
        #expect(self.polling(interval: 0).first(at: start) == start + .seconds(1))
    }

    @Test func `slow_down adds five seconds for good`() {
        var polling = polling()
        #expect(polling.next(after: .slowDown, at: start) == start + .seconds(10))
        #expect(polling.next(after: .pending, at: start) == start + .seconds(10))
        #expect(polling.next(after: .slowDown, at: start) == start + .seconds(15))
    }

    @Test func `a Twitch that does not answer is asked ever more seldom, until it does`() {
        var polling = polling()
        let pauses = (0..<6).map { _ in polling.next(after: .unreachable, at: start) }
        #expect(pauses == [10, 20, 40, 60, 60, 60].map { start + .seconds($0) })
        #expect(polling.next(after: .pending, at: start) == start + .seconds(5))
    }

    @Test func `it ends with the code's life, by its own clock`() {
        var polling = polling(lifetime: 30)
        #expect(polling.next(after: .pending, at: start + .seconds(24)) == start + .seconds(29))
        #expect(polling.next(after: .pending, at: start + .seconds(25)) == nil)
        #expect(polling.next(after: .unreachable, at: start + .seconds(100)) == nil)
    }

    @Test func `the code is large, the address can be copied in one piece`() {
        let prompt = DevicePrompt(style: Style(isColoured: false))
        let text = prompt.text(
            address: "https://www.twitch.tv/activate?device-code=JLLKTXWJ",
            code: "JLLKTXWJ",
            lifetime: .seconds(1800)
        )
        let lines = text.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
        #expect(lines.contains("https://www.twitch.tv/activate?device-code=JLLKTXWJ"))
        #expect(text.contains("J L L K   T X W J"))
        #expect(text.contains("30 minutes"))
        let box = lines.filter { "╔║╚".contains($0.first ?? " ") }
        #expect(box.count == 5 && Set(box.map(\.count)).count == 1, "the box is one")
        #expect(lines.allSatisfy { $0.count < 75 })
        #expect(prompt.waiting(.seconds(65)).contains("1:05 left"))
        #expect(prompt.waiting(.seconds(-1)).contains("0:00 left"))
    }
}
