import EventBus
import Protocol
import Synchronization
import TokenStore

/// Where tokens are offered to the services that need them.
protocol TokenBoard: Sendable {
    /// Offers a token instead of the one of its kind before.
    func issue(_ token: TokenIssued)
    /// Takes a token back: followers forget it.
    func withdraw(kind: String, fingerprint: String, reason: String)
}

extension TokenPublisher: TokenBoard {}

/// Numbers tokens so that the highest is the newest, over restarts and whatever the clock does.
final class TokenVersions: Sendable {
    private let last = Mutex(0)
    private let disk: TokenDisk

    init(_ disk: TokenDisk) { self.disk = disk }

    /// The version of a token that is published now.
    func next(at now: Timestamp) async -> Int {
        // A file that cannot be written must not keep a good token from the services.
        let saved = (try? await self.disk.update { $0.nextVersion(at: now) }.get()) ?? 0
        return self.last.withLock { last in
            last = max(last + 1, saved, Int(now.rawValue))
            return last
        }
    }
}
