import FoundationEssentials
import ServiceRuntime

extension RunPlan {
    /// For daemons, which never are a demo.
    /// - Throws: Where no channels are configured, among others.
    init(daemons settings: Settings, gateways: Int, configFile: String?, channels: ChannelOptions?) throws {
        _ = try ChannelList.load(settings: settings)
        try self.init(
            settings,
            forceDemo: false,
            rate: 1,
            gateways: gateways,
            directory: FileManager.default.currentDirectoryPath,
            configFile: configFile,
            channels: channels
        )
    }
}
