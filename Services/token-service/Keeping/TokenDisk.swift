import Dispatch
import Protocol
import TokenStore

/// The token file, used on a queue of its own: nothing waits for the disk on the cooperative pool.
struct TokenDisk: Sendable {
    let file: TokenFile
    private let queue = DispatchQueue(label: "token-file")

    init(_ file: TokenFile) { self.file = file }

    /// Changes the file; what a crash at any moment leaves is the old content or the new one.
    func update<Value: Sendable>(
        onStep: @escaping @Sendable (TokenFile.Step) -> Void = { _ in },
        _ change: @escaping @Sendable (inout StoredTokens) throws -> Value
    ) async -> Result<Value, StorageFailure> {
        var file = self.file
        file.onStep = onStep
        return await self.run { [file] in try file.update(change) }
    }

    /// What is stored.
    func read() async -> Result<StoredTokens?, StorageFailure> {
        await self.run { [file] in try file.read() }
    }

    /// Runs other work with files.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, StorageFailure> {
        await withCheckedContinuation { continuation in
            self.queue.async {
                continuation.resume(returning: Result(catching: work).mapError(StorageFailure.init))
            }
        }
    }
}
