import EventBus
import FoundationEssentials
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime
import Synchronization
import TwitchAPI

/// Asks Helix again and again, and publishes what has changed.
///
/// One poll is: look up who is not known, ask for the streams, publish, wait until the journal has accepted it, save what
/// is known, show it to late joiners. In this order a process that is killed anywhere tells nothing twice and leaves
/// nothing out: what was accepted is replayed from the journal, what was not is seen again.
final class StreamPolling: Service {
    /// How the poller works.
    struct Plan: Sendable {
        /// `STREAM_POLL_INTERVAL`, which wins over the channels file's.
        var interval: Duration?
        var policy: StreamTracker.Policy

        /// Where neither says anything.
        static let usualInterval = Duration.seconds(60)
    }

    private struct Desk {
        var channels: ChannelList
        /// Whether `channels` is not in the watch yet.
        var hasNewChannels = true
    }

    private let plan: Plan
    private let helix: any Helix
    private let publisher: EventPublisher
    private let tokens: @Sendable () -> TokenPresence
    private let report: PollReport
    private let clock: WallClock
    private let logger: Logger
    private let desk: Mutex<Desk>
    /// Rung when there is something to do before the interval is over.
    let bell = Doorbell()

    init(
        channels: ChannelList,
        plan: Plan,
        helix: any Helix,
        publisher: EventPublisher,
        tokens: @escaping @Sendable () -> TokenPresence,
        report: PollReport,
        clock: WallClock = .system,
        logger: Logger
    ) {
        self.plan = plan
        self.helix = helix
        self.publisher = publisher
        self.tokens = tokens
        self.report = report
        self.clock = clock
        self.logger = logger
        desk = Mutex(Desk(channels: channels))
    }

    /// Other channels are wanted from now on.
    func collect(_ list: ChannelList) {
        desk.withLock { $0 = Desk(channels: list) }
        bell.ring()
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await self.poll()
            } catch is CancellationError {
                // As asked.
            } catch is PublisherStopped {
                // The publisher says why.
            }
        }
    }

    private func poll() async throws {
        var session = try await PollSession.begin(publisher, policy: plan.policy, clock: clock, logger: logger)
        while !Task.isCancelled {
            let interval = self.interval
            let began = ContinuousClock.now
            let presence = tokens()
            if presence == .there {
                let outcome = try await pass(&session, interval: interval)
                report.polled(outcome, session.watch, took: ContinuousClock.now - began, at: clock.now())
            } else {
                takeNewChannels(&session)
                report.waitsForToken(presence)
            }
            let pause = interval * Double.random(in: 0.95...1.05) - (ContinuousClock.now - began)
            // Even a slow Twitch is left a moment between two polls. A token that comes rings the bell.
            await bell.wait(upTo: tokens() == .there ? max(pause, .milliseconds(200)) : nil)
        }
    }

    private var interval: Duration {
        plan.interval ?? desk.withLock { $0.channels.pollInterval } ?? Plan.usualInterval
    }

    /// One poll.
    private func pass(_ session: inout PollSession, interval: Duration) async throws -> PollOutcome {
        var outcome = PollOutcome()
        takeNewChannels(&session)
        let now = clock.now()
        let questions = session.watch.directory.questions(at: now)
        if !questions.isEmpty {
            let byLogin = questions.logins.isEmpty ? HelixAnswer() : await helix.users(logins: questions.logins)
            let byID = questions.ids.isEmpty ? HelixAnswer() : await helix.users(ids: questions.ids)
            outcome.add(byLogin)
            outcome.add(byID)
            let drafts = session.watch.learnt(byLogin, byID, at: now)
            try await session.publish(drafts)
            report.published(drafts)
        }
        let unwanted = session.watch.letGo(at: clock.now())
        try await session.publish(unwanted)
        report.published(unwanted)
        let users = session.watch.directory.userIDs
        if !users.isEmpty {
            let asked = clock.now()
            let answer = await helix.streams(userIDs: users)
            outcome.add(answer)
            let drafts = session.watch.polled(answer, at: asked, interval: interval, policy: plan.policy)
            try await session.publish(drafts)
            report.published(drafts)
            if answer.failures.isEmpty { session.polledAt = asked }
        } else if session.watch.directory.isSettled {
            // Twitch knows none of them, so none is live.
            session.polledAt = now
        }
        // A cancelled poll has asked nobody: its failures are none.
        try Task.checkCancellation()
        await session.close()
        return outcome
    }

    private func takeNewChannels(_ session: inout PollSession) {
        let list = desk.withLock { desk -> ChannelList? in
            defer { desk.hasNewChannels = false }
            return desk.hasNewChannels ? desk.channels : nil
        }
        if let list { session.watch.directory.want(list) }
    }
}
