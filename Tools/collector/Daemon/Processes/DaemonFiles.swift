import FoundationEssentials
import Glibc
import PrivateFiles
import ServiceRuntime
import TokenStore

/// The files of one daemon below `STATE_DIR/run`.
struct DaemonFiles: Sendable {
    let service: DaemonService
    private let folder: String

    init(_ service: DaemonService, stateDirectory: String) {
        self.service = service
        folder = "\(stateDirectory)/run"
    }

    /// The supervisor's number alone, for people and scripts; nothing of ours reads it.
    var pidFile: String { "\(folder)/\(service.name).pid" }
    private var recordFile: String { "\(folder)/\(service.name).daemon" }
    private var lockFile: String { "\(folder)/\(service.name).lock" }

    /// What was written last, by whomever; nil where there is nothing to read.
    var record: DaemonRecord? {
        FileManager.default.contents(atPath: recordFile)
            .flatMap { try? JSONDecoder().decode(DaemonRecord.self, from: $0) }
    }

    /// The record of a supervisor that runs now. One that is gone, or whose number another process has, is none.
    var live: DaemonRecord? { record.flatMap { $0.supervisor.isRunning ? $0 : nil } }

    /// Takes the place of the one supervisor: held until it is released or the process is gone, however that ends.
    /// - Throws: `CommandFailure` where another one has it.
    func claim() async throws -> FileLock {
        do {
            try PrivateFolder.make(folder)
        } catch {
            throw CommandFailure(ExitStatus.cannotCreate.rawValue, "cannot make \(folder): \(error.reason)")
        }
        // Whoever cleans up after another supervisor holds the lock for a moment.
        for _ in 0..<20 {
            if let lock = try FileLock.take(lockFile) { return lock }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandFailure(ExitStatus.unavailable.rawValue, "\(service.name) is running already")
    }

    /// Only for whoever holds the lock.
    func write(_ record: DaemonRecord) throws {
        try PrivateFile.replace(recordFile, with: JSONEncoder().encode(record), durably: false)
        guard record.failure == nil else { return removePID() }
        try PrivateFile.replace(pidFile, with: Data("\(record.supervisor.pid)\n".utf8), durably: false)
    }

    /// Writes again what somebody removed. Only for whoever holds the lock.
    /// - Returns: The lock to hold from now on: another one where its file was removed, since a second supervisor could
    ///   take that; nil where one has.
    func restore(_ record: DaemonRecord, heldBy lock: FileLock) throws -> FileLock? {
        try PrivateFolder.make(folder)
        let kept = lock.isCurrent ? lock : try FileLock.take(lockFile)
        guard kept != nil else { return nil }
        if [recordFile, pidFile].contains(where: { FileIdentity.look(at: $0) == .missing }) { try write(record) }
        return kept
    }

    /// Only for whoever holds the lock.
    func remove() {
        removePID()
        try? FileManager.default.removeItem(atPath: recordFile)
    }

    private func removePID() { try? FileManager.default.removeItem(atPath: pidFile) }

    /// Removes what a supervisor that was killed has left; a running one keeps its files.
    func clean() {
        guard let lock = try? FileLock.take(lockFile) else { return }
        withExtendedLifetime(lock) { remove() }
    }

    /// Sends a signal to the supervisor of `record`, if it still is that process.
    func send(_ signal: Int32, to record: DaemonRecord) {
        guard record.supervisor.isRunning else { return }
        kill(record.supervisor.pid, signal)
    }
}
