import TwitchAPI

/// The part of Helix that the poller asks.
protocol Helix: Sendable {
    func users(logins: [String]) async -> HelixAnswer<HelixUser>
    func users(ids: [String]) async -> HelixAnswer<HelixUser>
    func streams(userIDs: [String]) async -> HelixAnswer<HelixStream>
}

extension HelixClient: Helix {}
