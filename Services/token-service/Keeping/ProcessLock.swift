import ServiceRuntime
import Synchronization
import TokenStore

/// `STATE_DIR/token-service.lock`: one refresher in the whole system, because a refresh token may be good for one use.
final class ProcessLock: Sendable {
    /// Whether this process is still the one refresher.
    enum State: Hashable, Sendable {
        case held
        /// The file had been removed or replaced, and is locked again.
        case mended
        /// One line: another process may refresh.
        case lost(String)
    }

    private let path: String
    private let lock: Mutex<FileLock>

    /// Takes the lock. Throws a line and status 69 when another process has it.
    init(stateDirectory: String) throws {
        self.path = "\(stateDirectory)/token-service.lock"
        guard let lock = try FileLock.take(self.path) else {
            throw ServiceFailure(
                .unavailable,
                "another token-service keeps the tokens in STATE_DIR='\(stateDirectory)'; one is enough: "
                    + "stop that one first, or give this one a STATE_DIR of its own"
            )
        }
        self.lock = Mutex(lock)
    }

    /// Looks whether the file's name still leads to what is locked, and locks it again where it does not. Blocks on the disk.
    func check() -> State {
        self.lock.withLock { lock in
            guard !lock.isCurrent else { return .held }
            do {
                guard let new = try FileLock.take(self.path) else {
                    return .lost(
                        "\(self.path) was removed, and another token-service has locked it since; nothing is renewed here: "
                            + "stop one of the two"
                    )
                }
                lock = new
                return .mended
            } catch {
                return .lost(
                    "\(self.path) is gone and cannot be locked again: \(error); nothing is renewed until it can"
                )
            }
        }
    }
}
