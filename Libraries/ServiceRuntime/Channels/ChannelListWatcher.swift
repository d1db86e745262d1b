import Dispatch
package import Logging
import ServiceLifecycle
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Follows the channels file: a changed and valid file is handed on, a broken one is reported once and ignored.
///
/// The file is looked at each second and read when it was the same twice, so that a file that is still being written
/// is not taken for a short one. While `onChange` runs nothing is read; afterwards the newest file counts.
package struct ChannelListWatcher: Service {
    private let source: ChannelListSource
    private let interval: Duration
    private let logger: Logger
    private let onChange: @Sendable (ChannelList) async -> Void
    private let initial: ChannelList?

    /// `initial` is the list that is in use already; `interval` is between two looks.
    package init(
        source: ChannelListSource,
        initial: ChannelList?,
        interval: Duration = .seconds(1),
        logger: Logger,
        onChange: @escaping @Sendable (ChannelList) async -> Void
    ) {
        self.source = source
        self.initial = initial
        self.interval = interval
        self.logger = logger
        self.onChange = onChange
    }

    /// The same, with the source that `settings` name.
    package init(
        settings: Settings,
        initial: ChannelList?,
        logger: Logger,
        onChange: @escaping @Sendable (ChannelList) async -> Void
    ) throws {
        self.init(source: try ChannelListSource(settings), initial: initial, logger: logger, onChange: onChange)
    }

    /// Watches until graceful shutdown.
    package func run() async {
        await cancelWhenGracefulShutdown {
            try? await self.watch()
        }
    }

    private func watch() async throws {
        guard let path = self.source.path else { return try await gracefulShutdown() }
        let queue = DispatchQueue(label: "channel-list")
        var current = self.initial
        var read = FileFingerprint?.none
        var previous = FileFingerprint?.none
        while true {
            let seen = await queue.result { FileFingerprint(of: path) }
            if seen == previous, seen != read {
                read = seen
                if seen == .missing {
                    // Without the file, the list would shrink to CHANNELS: more likely a mistake than a wish.
                    self.reportMissing(path, after: current)
                } else {
                    await self.take(queue.result { Result { try self.source.load() } }, replacing: &current)
                }
            }
            previous = seen
            try await Task.sleep(for: self.interval)
        }
    }

    private func reportMissing(_ path: String, after current: ChannelList?) {
        guard current?.file != nil else { return }
        self.logger.error(
            "the channels file is gone; the channels stay as they are",
            metadata: .keyed([.file: "\(path)"])
        )
    }

    private func take(_ result: Result<ChannelList, any Error>, replacing current: inout ChannelList?) async {
        switch result {
        case .failure(let error):
            self.logger.error("channel list not changed", metadata: .keyed([.reason: "\(error)"]))
        case .success(let list) where list == current:
            break
        case .success(let list):
            for warning in list.warnings where !(current?.warnings.contains(warning) ?? false) {
                self.logger.warning("channel list", metadata: .keyed([.reason: "\(warning)"]))
            }
            self.logger.info("channel list changed", metadata: .keyed([.channelCount: "\(list.logins.count)"]))
            current = list
            await self.onChange(list)
        }
    }
}

/// What changes when a file changes; a missing file has one too.
private enum FileFingerprint: Equatable {
    case missing
    case present(inode: UInt64, size: Int64, seconds: Int, nanoseconds: Int)

    init(of path: String) {
        guard let stat = try? FilePath(path).stat() else {
            self = .missing
            return
        }
        self = .present(
            inode: UInt64(stat.inode.rawValue),
            size: stat.size,
            seconds: stat.st_mtim.tv_sec,
            nanoseconds: stat.st_mtim.tv_nsec
        )
    }
}

extension DispatchQueue {
    /// Runs file work here instead of on the cooperative pool.
    fileprivate func result<Value: Sendable>(of work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            self.async { continuation.resume(returning: work()) }
        }
    }
}
