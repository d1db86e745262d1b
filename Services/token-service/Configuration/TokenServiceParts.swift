import AsyncHTTPClient
import EventBus
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime
import TokenStore
import TwitchAPI

/// Puts the parts of the token service together.
enum TokenServiceParts {
    /// The services in the order of their start: what others use stops last.
    static func make(_ configuration: TokenServiceConfiguration, _ runtime: ServiceRuntime) throws -> [any Service] {
        let state = try runtime.settings.stateDirectory()
        let logger = runtime.logger
        let lock = try ProcessLock(stateDirectory: state)
        let disk = TokenDisk(self.tokenFile(state, logger))
        self.prepare(disk.file, configuration, logger)

        let security = try BusSecurity.configured(
            configuration.keysDirectory,
            stateDirectory: state,
            name: "token-service"
        )
        let publisher = try TokenPublisher(
            TokenPublisher.Configuration(stateDirectory: state, bind: configuration.bind, security: security),
            logger: logger
        )
        let gate = OpeningGate(waitsFor: configuration.keepsAppToken ? ["user", "app"] : ["user"])
        // The client has to be shut down once it is made: nothing after this line throws before it is in a service.
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)
        let context = UserTokenKeeping.Context(
            oauth: OAuthConnection(
                http: http,
                baseURL: configuration.authURL,
                clientID: configuration.clientID,
                clientSecret: configuration.clientSecret
            ),
            disk: disk,
            lock: lock,
            board: publisher,
            versions: TokenVersions(disk),
            gate: gate,
            health: runtime.health,
            report: TokenReport(logger: logger),
            validateInterval: configuration.validateInterval,
            environmentTokens: configuration.writesEnvironmentFile ? EnvironmentTokens() : nil,
            crashPoint: CrashPoint.wanted()
        )
        let user = UserTokenKeeping(context)
        let app = configuration.keepsAppToken ? AppTokenKeeping(context) : nil
        let parts: [any Service] = [
            HTTPClientLifetime(http: http, lock: lock), GatedService(part: publisher, gate: gate), user,
        ]
        let rejections = LazyRejections(configuration: configuration, security: security, logger: logger) { rejected in
            switch rejected.kind {
            case "user": user.reject(fingerprint: rejected.fingerprint, reason: rejected.reason)
            case "app": app?.reject(fingerprint: rejected.fingerprint, reason: rejected.reason)
            default: break
            }
        }
        return parts + [app].compactMap { $0 } + [rejections]
    }

    private static func tokenFile(_ state: String, _ logger: Logger) -> TokenFile {
        var file = TokenFile(directory: state)
        file.onWarning = { logger.warning("\($0)") }
        return file
    }

    /// Completes what a crash interrupted, and imports once. A file that cannot be used is told when it is read.
    private static func prepare(_ file: TokenFile, _ configuration: TokenServiceConfiguration, _ logger: Logger) {
        do {
            try file.recover()
            guard let imported = configuration.imported else { return }
            if try file.update({ imported.takeOver(into: &$0) }) {
                logger.notice(
                    "imported the tokens of TWITCH_ACCESS_TOKEN and TWITCH_REFRESH_TOKEN",
                    metadata: [TokenLogKey.file: "\(file.path)"]
                )
            }
        } catch {
            logger.debug("the token file could not be prepared", metadata: [TokenLogKey.reason: "\(error)"])
        }
    }
}
