import Synchronization
import TwitchChat

/// The JOINs that one identity may still send, shared by all its connections.
final class JoinPermits: Sendable {
    private let limiter: Mutex<JoinLimiter>

    init(_ limiter: JoinLimiter = .init()) {
        self.limiter = Mutex(limiter)
    }

    func withLimiter<Result>(_ body: (inout JoinLimiter) -> Result) -> Result {
        limiter.withLock { limiter in body(&limiter) }
    }
}

/// Permits by identity: one account shares them over all its connections, each anonymous name has its own.
final class JoinPermitOffice: Sendable {
    private let limit: Int
    private let window: Duration
    private let accounts = Mutex<[String: JoinPermits]>([:])

    init(limit: Int, window: Duration) {
        self.limit = limit
        self.window = window
    }

    func permits(for credentials: Credentials) -> JoinPermits {
        let fresh = JoinPermits(JoinLimiter(limit: limit, window: window))
        guard case .account(let login, _) = credentials else { return fresh }
        return accounts.withLock { accounts in
            let permits = accounts[login] ?? fresh
            accounts[login] = permits
            return permits
        }
    }
}
