import EventBus
import Protocol

/// Follows and prints until it is stopped, nobody reads any more, or enough was shown.
struct Tap: Sendable {
    var follower: EventFollower
    var filter: TapFilter
    var format: TapCommand.Format
    var limit: Int?

    /// - Parameter endpoints: Named to a person who waits in vain.
    func run(waitingFor endpoints: [String]) async {
        let stop = Latch()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await StopSignals.listen(opening: stop) }
            group.addTask { try await follower.run() }
            group.addTask {
                await printAll(waitingFor: endpoints)
                stop.open()
            }
            await stop.wait()
            group.cancelAll()
            try? await group.waitForAll()
        }
    }

    private func printAll(waitingFor endpoints: [String]) async {
        var printed = 0
        var hasProducer = false
        var hasComplained = false
        let printer = TapPrinter(format: format, isColoured: Terminal.output.isInteractive)
        while let events = await follower.next(1024, atLeast: 1, within: .seconds(2)) {
            if events.isEmpty, !hasProducer, !hasComplained {
                hasComplained = true
                Terminal.error.write(
                    "collector tap: no gateway found yet at \(endpoints.joined(separator: ", ")); is `collector run` running? Waiting.\n"
                )
            }
            var text = ""
            for event in events {
                switch event {
                case .producer(let hello):
                    hasProducer = true
                    await follower.follow(hello.producer, from: .head)
                case .event(let received):
                    guard limit.map({ printed < $0 }) ?? true else { break }
                    guard let line = printer.line(received, filter) else { continue }
                    text += line
                    printed += 1
                case .missed(let producer, let partition, let after, let through):
                    Terminal.error.write(
                        "collector tap: missed events of \(producer), partition \(partition), after \(after) through \(through)\n"
                    )
                case .truncated, .silent, .acknowledged: break
                }
            }
            if !text.isEmpty, !Terminal.output.write(text) { return }
            if let limit, printed >= limit { return }
        }
    }
}
