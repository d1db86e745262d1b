import Foundation
import Synchronization
import Testing

@testable import ServiceRuntime

struct ChannelListWatcherTests {
    private final class Received: Sendable {
        private let lists = Mutex<[[String]]>([])
        var all: [[String]] { self.lists.withLock { $0 } }
        func add(_ list: ChannelList) { self.lists.withLock { $0.append(list.logins) } }
    }

    /// Runs a watcher over `path` beside `body`.
    private func watching(
        _ path: String,
        log: CapturedLines = CapturedLines(),
        _ body: (Received) async throws -> Void
    ) async throws {
        let source = ChannelListSource(names: [], path: path, isFileRequired: true)
        let received = Received()
        let watcher = ChannelListWatcher(
            source: source,
            initial: try source.load(),
            interval: .milliseconds(10),
            logger: log.logger()
        ) { received.add($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watcher.run() }
            try await body(received)
            group.cancelAll()
        }
    }

    @Test func `a changed file is handed on, replaced or rewritten in place`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/c.yaml"
            try write("channels: [a]", to: path)
            try await self.watching(path) { received in
                try write("channels: [a, b]", to: path)
                try await eventually { received.all == [["a", "b"]] }
                try Data("channels: [c]".utf8).write(to: URL(filePath: path))
                try await eventually { received.all == [["a", "b"], ["c"]] }
            }
        }
    }

    @Test func `a reload reads the same file again and takes the channels of new settings`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/c.yaml"
            try write("channels: [a]", to: path)
            let state = Mutex(SettingsReload.State(generation: 0, settings: Settings(values: ["CHANNELS_FILE": path])))
            let received = Received()
            let log = CapturedLines()
            let health = Health()
            let source = ChannelListSource(names: [], path: path, isFileRequired: true)
            let watcher = ChannelListWatcher(
                source: source,
                initial: try source.load(),
                interval: .milliseconds(10),
                logger: log.logger(),
                health: health,
                reload: { state.withLock { $0 } }
            ) { received.add($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await watcher.run() }
                try write("channels: [", to: path)
                try await eventually { log.all.count == 1 }
                // Reported once, and again when somebody asks.
                state.withLock { $0.generation += 1 }
                try await eventually { log.all.count == 2 }
                #expect(received.all.isEmpty)
                let part = try #require(health.parts.first)
                #expect(part.reason == nil && part.detail?.contains("\(path):") == true)
                try write("channels: [c]", to: "\(directory)/other.yaml")
                state.withLock { state in
                    state.generation += 1
                    state.settings = Settings(values: ["CHANNELS": "b", "CHANNELS_FILE": "\(directory)/other.yaml"])
                }
                try await eventually { received.all == [["b", "c"]] && health.parts.first?.detail == nil }
                group.cancelAll()
            }
        }
    }

    @Test func `a broken or missing file leaves the channels as they are and is reported once`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/c.yaml"
            try write("channels: [a]", to: path)
            let log = CapturedLines()
            try await self.watching(path, log: log) { received in
                try write("channels: [", to: path)
                try await eventually { log.all.count == 1 }
                try FileManager.default.removeItem(atPath: path)
                try await eventually { log.all.count == 2 }
                try write("channels: [b]", to: path)
                try await eventually { received.all == [["b"]] }
            }
            #expect(log.all.count == 3)
            #expect(log.all[0].contains("channel list not changed") && log.all[0].contains("not valid YAML"))
            #expect(log.all[1].contains("the channels file is gone"))
        }
    }

    @Test func `while the receiver is busy nothing piles up, and afterwards the newest file counts`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/c.yaml"
            try write("channels: [a]", to: path)
            let (gate, open) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let received = Received()
            let source = ChannelListSource(names: [], path: path, isFileRequired: true)
            let watcher = ChannelListWatcher(
                source: source,
                initial: try source.load(),
                interval: .milliseconds(10),
                logger: CapturedLines().logger()
            ) { list in
                received.add(list)
                for await _ in gate { break }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await watcher.run() }
                try write("channels: [b]", to: path)
                try await eventually { received.all == [["b"]] }
                for name in ["c", "d", "e"] { try write("channels: [\(name)]", to: path) }
                open.finish()
                try await eventually { received.all == [["b"], ["e"]] }
                group.cancelAll()
            }
        }
    }
}
