import FoundationEssentials
import Protocol
import ServiceRuntime
import TwitchAPI
import TwitchChat

/// What is looked at, in the order of the report: what others depend on comes first.
struct Doctor: Sendable {
    let context: AuthContext
    /// The working directory.
    let directory: String
    let configFile: String?
    /// What services read beside what they inherit: for tests.
    var environment: [String: String] = [:]
    var clock = WallClock.system
    var freeSpace: @Sendable (String) throws -> DiskSpace = DiskSpace.init(of:)

    var settings: Settings { context.settings }

    /// - Throws: What makes every other check pointless: a setting that names Twitch's servers cannot be read.
    func examination() throws -> Examination {
        let services = RunPlan.services(
            hasAccount: try RunPlan.hasAccount(settings, stateDirectory: context.stateDirectory)
        )
        let notes = DoctorNotes()
        let network = NetworkChecks(
            chat: try ChatServer(settings),
            api: try .helix(settings),
            auth: context.authURL,
            http: context.http,
            clock: clock,
            notes: notes
        )
        let account = AccountChecks(context: context, chat: network.chat, clock: clock, notes: notes)
        let storage = StorageChecks(settings: settings, stateDirectory: context.stateDirectory, freeSpace: freeSpace)
        return Examination(
            checks: try [date] + settingsChecks(services) + storage.checks() + network.checks() + account.checks()
                + [DatabaseCheck(settings: settings).check]
                + ServiceChecks(settings: settings, services: services).checks()
        )
    }

    /// Before everything that a wrong clock would spoil, and without asking anybody: certificates are not valid by it.
    private var date: Check {
        Check(name: .clockHere) { [clock] _ in
            let now = clock.now()
            if let obstacle = PossibleTime.obstacle(now.rawValue) {
                throw Complaint(ExitStatus.configuration.rawValue, obstacle)
            }
            return "\(now), which is possible"
        }
    }

    private func settingsChecks(_ services: [String]) throws -> [Check] {
        let programs = try RunPlan.programFolder()
        let question = ConfigurationCheck(
            programs: programs,
            environment: environment,
            directory: directory,
            arguments: RunPlan.arguments(configFile: configFile, in: directory)
        )
        let channels = Check(name: .channels) { [settings] _ in
            let list = try ChannelList.load(settings: settings)
            let count = list.logins.count + list.userIDs.count
            let remarks = list.warnings.isEmpty ? "" : "; " + list.warnings.joined(separator: "; ")
            return "\(count) from CHANNELS and \(list.file ?? "no channels file")\(remarks)"
        }
        let ports = try portsInUse()
        return [channels, keys]
            + services.map { service in
                var question = question
                if let port = ports[service] { question.environment["HTTP_PORT"] = port }
                let needs: [String] =
                    [.keys, .directories] + (["irc-gateway", "stream-poller"].contains(service) ? [.channels] : [])
                return Check(name: .settings(of: service), needs: needs, limit: .seconds(10)) { [question] _ in
                    if let refusal = try await question.refusal(of: service) {
                        throw Complaint(refusal.code, refusal.words)
                    }
                    return "accepted"
                }
            }
    }

    /// Where nobody has set a port, a service that runs here has found one: whether its usual one is free says nothing of it.
    private func portsInUse() throws -> [String: String] {
        guard try settings.string("HTTP_PORT") == nil else { return [:] }
        let running = ServiceObserver(stateDirectory: context.stateDirectory).instances()
        return Dictionary(
            running.compactMap { file in file.http.split(separator: ":").last.map { (file.service, String($0)) } }
        ) { first, _ in first }
    }

    private var keys: Check {
        Check(name: .keys) { [settings, context] _ in
            try KeysCheck.look(named: settings.string("BUS_KEYS_DIR"), stateDirectory: context.stateDirectory)
        }
    }
}
