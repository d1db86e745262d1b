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
    private struct Accounts {
        var permits: [String: JoinPermits] = [:]
        /// How many processes use the account.
        var users = 1
    }

    private let limit: Int
    private let window: Duration
    private let accounts = Mutex(Accounts())

    init(limit: Int, window: Duration) {
        self.limit = limit
        self.window = window
    }

    func permits(for credentials: Credentials) -> JoinPermits {
        guard case .account(let login, _) = credentials else {
            return JoinPermits(JoinLimiter(limit: limit, window: window))
        }
        return accounts.withLock { accounts in
            let permits =
                accounts.permits[login] ?? JoinPermits(JoinLimiter(limit: share(accounts.users), window: window))
            accounts.permits[login] = permits
            return permits
        }
    }

    /// So many gateways use the account, and Twitch counts their JOINs together.
    func divide(among users: Int) {
        accounts.withLock { accounts in
            guard accounts.users != users else { return }
            accounts.users = users
            for permits in accounts.permits.values { permits.withLimiter { $0.limit = share(users) } }
        }
    }

    private func share(_ users: Int) -> Int { max(1, limit / max(1, users)) }
}
