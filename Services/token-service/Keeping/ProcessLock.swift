import ServiceRuntime
import TokenStore

/// `STATE_DIR/token-service.lock`: one refresher in the whole system, because a refresh token may be good for one use.
struct ProcessLock: Sendable {
    private let lock: FileLock

    /// Takes the lock. Throws a line and status 69 when another process has it.
    init(stateDirectory: String) throws {
        guard let lock = try FileLock.take("\(stateDirectory)/token-service.lock") else {
            throw ServiceFailure(
                .unavailable,
                "another token-service keeps the tokens in STATE_DIR='\(stateDirectory)'; one is enough: "
                    + "stop that one first, or give this one a STATE_DIR of its own"
            )
        }
        self.lock = lock
    }
}
