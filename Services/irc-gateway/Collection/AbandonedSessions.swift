import EventBus
import Foundation
import Logging
import Protocol
import ServiceLifecycle

/// Ends in public the sessions of gateways beside this one that died and do not come back to their slot: otherwise the
/// archive would say for ever that they still listen.
struct AbandonedSessions: Service {
    /// Who is restarted in the usual way is back by then, and ends its sessions itself.
    static let patience: Int64 = 15_000

    let stateDirectory: String
    let service: String
    let clock: SteadyClock
    var boot: @Sendable () -> BootTime? = { BootTime.now() }
    let logger: Logger
    /// Whether what was published some seconds ago is in the journal.
    let isDurable: @Sendable () -> Bool
    let publish: EventSink

    func run() async throws {
        var told = Told()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(10)) }
            if Task.isShuttingDownGracefully { return }
            await look(&told)
        }
    }

    /// Whose ends were published in an earlier round, by slot.
    struct Told {
        fileprivate var sessions: [Int: [String]] = [:]
    }

    /// Ends what was left open in slots that nobody holds. A list is forgotten only in the next round, when its ends are safe:
    /// told twice is told once.
    func look(_ told: inout Told) async {
        guard isDurable() else { return }
        do {
            let left = try JournalSlot.claimIdle(stateDirectory: stateDirectory, service: service) { directory in
                SessionFile.mayHoldSessions(directory)
            }
            for slot in left { try await end(left: slot, &told) }
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "The sessions of a stopped gateway cannot be ended; trying again",
                metadata: [IRCLogKey.error: "\(error)"]
            )
        }
    }

    private func end(left slot: JournalSlot, _ told: inout Told) async throws {
        defer { slot.close() }
        let file = SessionFile(directory: slot.directory)
        let remains = try await file.remains()
        guard !remains.sessions.isEmpty else { return }
        let now = clock.now()
        let ending = remains.ending(lastAccepted: slot.lastAccepted, now: now, boot: boot())
        // A clock that was wrong tells nothing about how long it has been away.
        let isRecent = now.rawValue - ending.at.rawValue < Self.patience && now != ending.at
        guard !isRecent || remains.lastAlive == nil else { return }
        let ids = remains.sessions.map(\.id)
        guard told.sessions[slot.number] != ids else {
            told.sessions[slot.number] = nil
            return try await file.save { [] }
        }
        try await publish(ending.drafts(by: slot.producer))
        told.sessions[slot.number] = ids
        logger.notice(
            "Another gateway ended without notice and was not started again; its sessions are closed",
            metadata: [IRCLogKey.count: "\(ids.count)", IRCLogKey.lastAlive: "\(ending.at)"]
        )
    }
}
