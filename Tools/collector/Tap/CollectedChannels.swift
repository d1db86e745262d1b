import EventBus
import FoundationEssentials

/// What the gateways of this machine read, as they tell each other.
struct CollectedChannels: Sendable {
    /// `STATE_DIR`, and the demo's below it.
    var stateDirectories: [String]

    /// Those of `logins` that no running gateway has on its list; empty where a gateway has not said yet, or there is none
    /// that could be asked. Blocks on the disk.
    func missing(of logins: Set<String>) -> [String] {
        var wanted: Set<String> = []
        var hasGateway = false
        for directory in stateDirectories {
            // The slots beside one that nobody has.
            let slots = SlotNeighbours(of: "\(directory)/journal/irc-gateway/none")
            for gateway in (try? slots.look()) ?? [] where gateway.isHeld {
                guard let words = gateway.words, let report = try? JSONDecoder().decode(Report.self, from: words) else {
                    return []
                }
                hasGateway = true
                wanted.formUnion(report.wanted)
            }
        }
        return hasGateway ? logins.subtracting(wanted).sorted() : []
    }

    private struct Report: Decodable {
        var wanted: Set<String>
    }
}
