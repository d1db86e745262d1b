import EventBus
import Protocol

/// Follows and prints until it is stopped, nobody reads any more, or enough was shown.
struct Tap: Sendable {
    var follower: EventFollower
    var filter: TapFilter
    var format: TapCommand.Format
    var limit: Int?
    var collected: CollectedChannels

    /// - Parameter endpoints: Named to a person who waits in vain.
    /// - Throws: `CommandFailure` when nothing can come of any of the channels that are asked for.
    func run(waitingFor endpoints: [String]) async throws {
        let stop = Latch()
        let failure = await withThrowingTaskGroup(of: CommandFailure?.self) { group in
            group.addTask {
                await StopSignals.listen(opening: stop)
                return nil
            }
            group.addTask {
                try await follower.run()
                return nil
            }
            group.addTask {
                defer { stop.open() }
                do throws(CommandFailure) {
                    try await printAll(waitingFor: endpoints)
                    return nil
                } catch {
                    return error
                }
            }
            await stop.wait()
            group.cancelAll()
            var failure: CommandFailure?
            while let result = await group.nextResult() { failure = (try? result.get()) ?? failure }
            return failure
        }
        if let failure { throw failure }
    }

    private func printAll(waitingFor endpoints: [String]) async throws(CommandFailure) {
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
                    if !hasProducer { try await nameMissing() }
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
                case .truncated, .overrun, .silent, .acknowledged: break
                }
            }
            if !text.isEmpty, !write(text) { return }
            if let limit, printed >= limit { return }
        }
    }

    /// A channel that nobody reads would be waited for in vain.
    private func nameMissing() async throws(CommandFailure) {
        guard !filter.channels.isEmpty else { return }
        let missing = (try? await Patience.blocking { collected.missing(of: filter.channels) }) ?? []
        guard !missing.isEmpty else { return }
        let words = "no gateway here reads \(missing.joined(separator: ", ")); add it to CHANNELS or channels.yaml"
        guard missing.count < filter.channels.count else { throw CommandFailure(66, words) }
        Terminal.error.write("collector tap: \(words)\n")
    }

    /// Chat as others wrote it must not steer a terminal; a pipe gets it unchanged.
    private func write(_ text: String) -> Bool {
        switch format {
        case .pretty: Terminal.output.write(text)
        case .json: Terminal.output.write(json: text)
        case .raw: Terminal.output.write(foreign: text)
        }
    }
}
