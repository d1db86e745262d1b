import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the channels that this gateway reads in step with its list and with the other gateways.
final class GatewaySharing: Service {
    private struct State {
        var wanted: [String] = []
        var joined: Set<String> = []
        var others: [GatewayMember]
        var share = ChannelShare()
        /// What the last decision was made for; nil before the first.
        var place: GatewayPlace?
        var isFailing = false
    }

    /// How long a leaving gateway goes on listening to what the others have not joined yet: two of their rounds, and a JOIN.
    /// What comes after it, the closing handshakes and the last commit, has to end within 5 s of the request.
    static let takeover = Duration.milliseconds(2500)
    private static let takeoverCheck = Duration.milliseconds(50)

    private let own: String
    private let replicas: Int
    /// Nil where the settings say who the others are.
    private let slots: SlotMembers?
    private let disk = DiskQueue(label: "irc-gateway.sharing")
    private let interval: Duration
    private let logger: Logger
    private let apply: @Sendable (_ share: ChannelShare, _ place: GatewayPlace) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - settings: How many read each channel, and perhaps who the others are.
    ///   - producer: This gateway's identity.
    ///   - slotDirectory: Its slot, beside which the others are found.
    ///   - interval: Between two looks at them.
    ///   - logger: Told when gateways come and go.
    ///   - apply: Gets the channels to read whenever they change, and which of how many gateways this is.
    /// - Throws: When the slot's directory cannot be used.
    init(
        _ settings: SharingSettings,
        producer: String,
        slotDirectory: String,
        interval: Duration = .milliseconds(500),
        logger: Logger,
        apply: @escaping @Sendable (_ share: ChannelShare, _ place: GatewayPlace) -> Void
    ) throws {
        own = settings.place?.name ?? producer
        replicas = settings.replicas
        slots = settings.place == nil ? try SlotMembers(slotDirectory: slotDirectory) : nil
        self.interval = interval
        self.logger = logger
        self.apply = apply
        state = Mutex(State(others: settings.place?.others ?? []))
    }

    /// What is to be read now.
    var share: ChannelShare { state.withLock { $0.share } }

    /// Other channels are on the list from now on.
    func want(_ logins: [String]) {
        state.withLock { state in
            state.wanted = logins
            decide(&state)
        }
    }

    /// These channels are listened to now.
    func listens(to joined: Set<String>) {
        state.withLock { $0.joined = joined }
    }

    /// Meets the others until graceful shutdown; then leaves, and returns when they listen to what is listened to here. Nothing
    /// that is heard with this gateway's other parts stops before.
    func run() async throws {
        guard let slots else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await self.disk.run { self.meet() }
                try? await Task.sleep(for: self.interval)
            }
        }
        try await disk.run { slots.leave() }
        await waitForTakeover(slots)
    }

    /// Who stays sees that we have left, joins our channels, and says so.
    private func waitForTakeover(_ slots: SlotMembers) async {
        let clock = ContinuousClock()
        let end = clock.now + Self.takeover
        while clock.now < end, !Task.isCancelled {
            let members = try? await disk.run { slots.others() }
            guard let members, isWaitedFor(members) else { return }
            try? await clock.sleep(for: Self.takeoverCheck)
        }
        let members = (try? await disk.run { slots.others() }) ?? []
        let open = state.withLock { ChannelShare.awaited($0.joined, by: members, replicas: replicas) }
        guard !open.isEmpty else { return }
        logger.warning(
            "The other gateways have not joined all channels in time; those are not heard until they have",
            metadata: [IRCLogKey.count: "\(open.count)"]
        )
    }

    private func isWaitedFor(_ members: [GatewayMember]) -> Bool {
        state.withLock { !ChannelShare.awaited($0.joined, by: members, replicas: replicas).isEmpty }
    }

    /// One exchange with the other gateways. Blocks on the disk.
    func meet() {
        let report = state.withLock { GatewayMember.Report(wanted: Set($0.wanted), joined: $0.joined) }
        guard let round = slots?.meet(report) else { return }
        state.withLock { state in
            note(round.failure, &state)
            guard let members = round.members else { return }
            let before = state.others.map(\.name)
            state.others = members
            if before != members.map(\.name) { tell(members) }
            decide(&state)
        }
    }

    /// Applied inside the lock, so that an older decision never replaces a newer one.
    private func decide(_ state: inout State) {
        let share = ChannelShare(
            of: state.wanted,
            joined: state.joined,
            own: own,
            others: state.others,
            replicas: replicas
        )
        let place = GatewayPlace(of: own, among: state.others.lazy.map(\.name))
        let isNews = share != state.share || place != state.place
        state.share = share
        state.place = place
        if isNews { apply(share, place) }
    }

    private func tell(_ members: [GatewayMember]) {
        guard !members.isEmpty else {
            return logger.notice("No other gateway is here; this one reads all channels of its list")
        }
        logger.notice(
            "Gateways share the channels",
            metadata: ["sharing.with": "\(members.map(\.name).joined(separator: ", "))"]
        )
    }

    /// One line when it begins to fail, one when it works again.
    private func note(_ failure: (any Error)?, _ state: inout State) {
        defer { state.isFailing = failure != nil }
        guard state.isFailing != (failure != nil) else { return }
        if let failure {
            logger.warning(
                "What this gateway reads cannot be told to the others, or theirs not be read; trying again",
                metadata: [IRCLogKey.error: "\(failure)"]
            )
        } else {
            logger.notice("The gateways see each other again")
        }
    }
}
