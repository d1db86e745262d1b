import EventBus
import Logging
import ServiceLifecycle
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import irc_gateway

@Suite struct GatewaySharingTests {
    private let logins = (0..<40).map { "channel_\($0)" }

    /// A gateway's sharing in a slot of its own, and what it was told to read.
    private final class Sharer: Sendable {
        let sharing: GatewaySharing
        private let slot: JournalSlot
        private let told = Told()

        init(in directory: String, _ settings: [String: String] = [:]) throws {
            slot = try JournalSlot.claim(stateDirectory: directory, service: "irc-gateway", prefix: "gw")
            sharing = try GatewaySharing(
                SharingSettings(Settings(values: settings)),
                producer: slot.producer,
                slotDirectory: slot.directory,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { [told] share, place in
                told.last.withLock { $0 = (share, place.count) }
            }
        }

        private final class Told: Sendable {
            let last = Mutex((share: ChannelShare(), members: 0))
        }

        var members: Int { told.last.withLock { $0.members } }

        /// Reads what it was told to, and meets the others.
        func act() {
            sharing.listens(to: Set(told.last.withLock { $0.share.logins }))
            sharing.meet()
        }

        var reads: Set<String> { Set(told.last.withLock { $0.share.logins }) }
    }

    @Test func `two in one place share the channels, and who stays takes over from who leaves`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try Sharer(in: directory)
            first.sharing.want(logins)
            first.act()
            #expect(first.reads == Set(logins) && first.members == 1)
            var second: Sharer? = try Sharer(in: directory)
            second?.sharing.want(logins)
            second?.sharing.meet()
            let part = try #require(second?.reads)
            #expect(!part.isEmpty && part.count < logins.count, "it sees the first before it reads")
            first.act()
            #expect(first.reads == Set(logins), "the second does not listen yet")
            second?.act()
            second?.act()
            first.act()
            #expect(first.reads == Set(logins).subtracting(part) && first.members == 2)
            second = nil
            first.act()
            #expect(first.reads == Set(logins) && first.members == 1)
        }
    }

    @Test func `who leaves goes on until the other one listens, and not when it is alone`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try Sharer(in: directory)
            let second = try Sharer(in: directory)
            for sharer in [first, second] { sharer.sharing.want(logins) }
            for _ in 0..<3 { for sharer in [first, second] { sharer.act() } }
            let own = first.reads
            #expect(!own.isEmpty && own.count < logins.count)
            let hasLeft = Mutex(false)
            let group = ServiceGroup(
                services: [first.sharing],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            async let running: Void = {
                try await group.run()
                hasLeft.withLock { $0 = true }
            }()
            await group.triggerGracefulShutdown()
            try await eventually("the second is to read everything, and has not joined it yet") {
                second.sharing.meet()
                return second.reads == Set(logins)
            }
            #expect(!hasLeft.withLock { $0 }, "what it listens to would not be heard")
            second.act()
            second.act()
            try await running
            // Nobody is left to wait for.
            let clock = ContinuousClock()
            let begin = clock.now
            let last = ServiceGroup(
                services: [second.sharing],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            async let ending: Void = last.run()
            await last.triggerGracefulShutdown()
            try await ending
            #expect(clock.now - begin < GatewaySharing.takeover)
        }
    }

    @Test func `with two readers a channel, two gateways read everything`() async throws {
        try await withTemporaryDirectory { directory in
            let both = try (0..<2).map { _ in try Sharer(in: directory, ["GATEWAY_REPLICAS": "2"]) }
            for sharer in both { sharer.sharing.want(logins) }
            for _ in 0..<3 { for sharer in both { sharer.act() } }
            #expect(both.allSatisfy { $0.reads == Set(logins) && $0.members == 2 })
        }
    }

    @Test func `gateways that cannot see each other share by their settings`() async throws {
        try await withTemporaryDirectory { directory in
            let sharers = try (0..<3).map { index in
                try Sharer(in: "\(directory)/\(index)", ["GATEWAY_COUNT": "3", "GATEWAY_INDEX": "\(index)"])
            }
            for sharer in sharers { sharer.sharing.want(logins) }
            #expect(sharers.reduce(0) { $0 + $1.reads.count } == logins.count)
            #expect(sharers.reduce(into: Set<String>()) { $0.formUnion($1.reads) } == Set(logins))
            #expect(sharers.allSatisfy { $0.members == 3 })
        }
    }

    @Test func `a channel that is added or taken off the list follows at once`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try Sharer(in: directory)
            first.sharing.want(["quietharbor"])
            first.sharing.want(["quietharbor", "loudlagoon"])
            #expect(first.reads == ["quietharbor", "loudlagoon"])
            first.sharing.want(["loudlagoon"])
            #expect(first.reads == ["loudlagoon"])
        }
    }
}
