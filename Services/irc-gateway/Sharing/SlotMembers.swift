import EventBus
import FoundationEssentials
import Synchronization

/// The gateways that share a `STATE_DIR`: this one tells them what it reads, and sees who is there. Blocks on the disk.
final class SlotMembers: Sendable {
    private struct State {
        var roster = MemberRoster()
        var said: GatewayMember.Report?
    }

    /// What became of one round.
    struct Round {
        /// The other gateways; nil when they could not be looked at.
        var members: [GatewayMember]?
        var failure: (any Error)?
    }

    private let presence: SlotPresence
    private let neighbours: SlotNeighbours
    private let state = Mutex(State())

    /// `directory` is the slot that this gateway has claimed.
    init(slotDirectory directory: String) throws {
        presence = try SlotPresence(directory: directory)
        neighbours = SlotNeighbours(of: directory)
    }

    /// Beats, tells what changed, and looks. Whoever cannot write is still there, and still sees the others.
    func meet(_ report: GatewayMember.Report) -> Round {
        state.withLock { state in
            var round = Round()
            presence.beat()
            do {
                if state.said != report {
                    try presence.say(JSONEncoder().encode(report))
                    state.said = report
                }
            } catch {
                round.failure = error
            }
            do {
                round.members = state.roster.update(try neighbours.look(), at: .now)
            } catch {
                round.failure = error
            }
            return round
        }
    }

    /// Who else is there, without a word of our own; nil when they could not be looked at.
    func others() -> [GatewayMember]? {
        state.withLock { state in
            guard let seen = try? neighbours.look() else { return nil }
            return state.roster.update(seen, at: .now)
        }
    }

    /// The others take the channels over at once.
    func leave() {
        presence.end()
    }
}
