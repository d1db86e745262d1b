import Protocol
import Synchronization
import TwitchAPI

@testable import stream_poller

/// A Twitch of a few channels, to be changed by a test between two polls.
final class FakeHelix: Helix {
    struct World: Sendable {
        var users: [HelixUser] = []
        /// Live streams by user id.
        var live: [String: HelixStream] = [:]
        var isDown = false
    }

    let world: Mutex<World>
    private let counts = Mutex<(users: Int, streams: Int)>((0, 0))

    init(logins: [String]) {
        world = Mutex(
            World(
                users: logins.enumerated().map { .init(id: "\($0 + 1)", login: $1, displayName: $1.uppercased()) }
            )
        )
    }

    var polls: Int { counts.withLock { $0.streams } }

    func goLive(_ user: String, _ stream: String, startedAt: String = "2026-11-25T10:00:00Z") {
        world.withLock { world in
            guard let account = world.users.first(where: { $0.id == user }) else { return }
            world.live[user] = HelixStream(
                id: stream,
                userID: user,
                userLogin: account.login,
                userName: account.displayName,
                title: "title",
                viewerCount: 3,
                startedAt: startedAt
            )
        }
    }

    func end(_ user: String) { world.withLock { $0.live[user] = nil } }

    func users(logins: [String]) async -> HelixAnswer<HelixUser> {
        counts.withLock { $0.users += 1 }
        return answer(logins) { world in world.users.filter { logins.contains($0.login) } }
    }

    func users(ids: [String]) async -> HelixAnswer<HelixUser> {
        counts.withLock { $0.users += 1 }
        return answer(ids) { world in world.users.filter { ids.contains($0.id) } }
    }

    func streams(userIDs: [String]) async -> HelixAnswer<HelixStream> {
        counts.withLock { $0.streams += 1 }
        return answer(userIDs) { world in userIDs.compactMap { world.live[$0] } }
    }

    private func answer<Item>(_ asked: [String], _ items: (World) -> [Item]) -> HelixAnswer<Item> {
        world.withLock { world in
            var answer = HelixAnswer<Item>()
            if world.isDown {
                answer.failures = [.init(asked: asked, error: .unavailable(status: 503, message: ""))]
            } else {
                answer.items = items(world)
                answer.answered = Set(asked)
            }
            return answer
        }
    }
}
