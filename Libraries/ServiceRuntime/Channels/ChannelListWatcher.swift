import Dispatch
package import Logging
import ServiceLifecycle
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Follows the channels file: a changed and valid file is handed on, a broken one is reported once, in the log and as a
/// detail of the service's health, and ignored.
///
/// The file is looked at each second and read when it was the same twice, so that a file that is still being written
/// is not taken for a short one. While `onChange` runs nothing is read; afterwards the newest file counts.
package struct ChannelListWatcher: Service {
    private let source: ChannelListSource
    private let interval: Duration
    private let logger: Logger
    private let onChange: @Sendable (ChannelList) async -> Void
    private let initial: ChannelList?
    private let reload: @Sendable () -> SettingsReload.State?
    private let health: Health?

    /// `initial` is the list that is in use already; `interval` is between two looks. Each new generation of `reload` brings
    /// the source that its settings name, and the file is read even though it is the same.
    package init(
        source: ChannelListSource,
        initial: ChannelList?,
        interval: Duration = .seconds(1),
        logger: Logger,
        health: Health? = nil,
        reload: @escaping @Sendable () -> SettingsReload.State? = { nil },
        onChange: @escaping @Sendable (ChannelList) async -> Void
    ) {
        self.source = source
        self.reload = reload
        self.health = health
        self.initial = initial
        self.interval = interval
        self.logger = logger
        self.onChange = onChange
    }

    /// The same, with the source that the settings of `runtime` name, now and after each SIGHUP.
    package init(
        _ runtime: ServiceRuntime,
        initial: ChannelList?,
        onChange: @escaping @Sendable (ChannelList) async -> Void
    ) throws {
        self.init(
            source: try ChannelListSource(runtime.settings),
            initial: initial,
            logger: runtime.logger,
            health: runtime.health,
            reload: { runtime.reload.current },
            onChange: onChange
        )
    }

    /// Watches until graceful shutdown.
    package func run() async {
        await cancelWhenGracefulShutdown {
            try? await self.watch()
        }
    }

    private func watch() async throws {
        let queue = DispatchQueue(label: "channel-list")
        var current = self.initial
        var source = self.source
        var generation = self.reload()?.generation
        var read = FileFingerprint?.none
        var previous = FileFingerprint?.none
        while true {
            let reloaded = self.reload()
            let isAsked = reloaded?.generation != generation
            if isAsked, let reloaded {
                generation = reloaded.generation
                source = (try? ChannelListSource(reloaded.settings)) ?? source
            }
            let seen = await queue.result { [source] in source.path.map { FileFingerprint(of: $0) } ?? .unnamed }
            if isAsked || seen == previous && seen != read {
                read = seen
                if seen == .missing, !isAsked || current?.file == source.path {
                    // Without the file, the list would shrink to CHANNELS: more likely a mistake than a wish.
                    self.reportMissing(source.path ?? "", after: current)
                } else {
                    await self.take(
                        queue.result { [source] in Result { try source.load() } },
                        replacing: &current
                    )
                }
            }
            previous = seen
            try await Task.sleep(for: self.interval)
        }
    }

    private func reportMissing(_ path: String, after current: ChannelList?) {
        guard current?.file != nil else { return }
        self.health?.report(
            "channel_list",
            reason: nil,
            detail: "the channels file is gone; the channels stay as they are"
        )
        self.logger.error(
            "the channels file is gone; the channels stay as they are",
            metadata: .keyed([.file: "\(path)"])
        )
    }

    /// The part is there only once a list could not be used.
    private func forgetFault() {
        guard self.health?.parts.contains(where: { $0.name == "channel_list" }) == true else { return }
        self.health?.report("channel_list", reason: nil)
    }

    private func take(_ result: Result<ChannelList, any Error>, replacing current: inout ChannelList?) async {
        switch result {
        case .failure(let error):
            self.health?.report("channel_list", reason: nil, detail: "the changed list cannot be used: \(error)")
            self.logger.error("channel list not changed", metadata: .keyed([.reason: "\(error)"]))
        case .success(let list) where list == current:
            self.forgetFault()
        case .success(let list):
            for warning in list.warnings where !(current?.warnings.contains(warning) ?? false) {
                self.logger.warning("channel list", metadata: .keyed([.reason: "\(warning)"]))
            }
            self.forgetFault()
            self.logger.info("channel list changed", metadata: .keyed([.channelCount: "\(list.logins.count)"]))
            current = list
            await self.onChange(list)
        }
    }
}

/// What changes when a file changes; a missing file has one too, and so has no file at all.
private enum FileFingerprint: Equatable {
    case unnamed
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
