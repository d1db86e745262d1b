import EventBus
import Logging
import Protocol
import Synchronization

/// Follows the stream-poller as a writer would: everything its journal accepts, once, in order, over its restarts.
final class EventRecorder: Sendable {
    private struct State {
        var events: [Event] = []
        var offsets: [String: [Int: Offset]] = [:]
        var repetitions = 0
    }

    private let follower: EventFollower
    private let state = Mutex(State())

    init(stateDirectory: String) throws {
        var configuration = EventFollower.Configuration(endpoints: [], topics: ["stream."])
        configuration.follow(["ipc://\(stateDirectory)/bus/stream-poller-*"], of: "stream-poller")
        follower = try EventFollower(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    var events: [Event] { state.withLock { $0.events } }

    /// Starts and ends, in order: `online 41`.
    var changes: [String] {
        events.compactMap { event in
            switch event {
            case .streamOnline(let stream): "online \(stream.streamID)"
            case .streamOffline(let stream): "offline \(stream.streamID)"
            default: nil
            }
        }
    }

    var updates: [StreamUpdate] { events.compactMap { if case .streamUpdate(let update) = $0 { update } else { nil } } }
    var ends: [StreamOffline] { events.compactMap { if case .streamOffline(let end) = $0 { end } else { nil } } }
    var renames: [UserUpdate] { events.compactMap { if case .userUpdate(let user) = $0 { user } else { nil } } }

    /// Runs until cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.follower.run() }
            group.addTask { await self.record() }
            await group.waitForAll()
        }
    }

    private func record() async {
        while let batch = await follower.next(1000, atLeast: 1, within: .seconds(1)) {
            for event in batch {
                switch event {
                case .producer(let hello):
                    let known = state.withLock { $0.offsets[hello.producer] ?? [:] }
                    await follower.follow(hello.producer, from: .after(known))
                case .event(let received):
                    guard let envelope = try? EventCodec.decode(received.json) else { continue }
                    state.withLock { state in
                        state.offsets[received.producer, default: [:]][received.partition] = received.offset
                        state.events.append(envelope.event)
                    }
                default: break
                }
            }
        }
    }
}
