import ArgumentParser
import EventBus
import ServiceRuntime

/// `collector keys`: the CURVE keys with which services on several machines know each other.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make and show the keys that encrypt the bus between machines.",
        discussion: """
            On one machine the services talk through ipc:// in STATE_DIR and need no keys. As soon as an endpoint is
            tcp://, keys encrypt it and decide who may connect: whoever has a NAME.pub in the keys directory. The NAME
            says what its owner may do: only writer and writer-… may acknowledge events, which lets a journal forget them;
            everybody else may read.
            """,
        subcommands: [GenerateKeysCommand.self, ShowKeysCommand.self]
    )
}

/// Where the keys are; shared by the subcommands.
struct KeysLocation: ParsableArguments {
    @Option(name: .long, help: "The keys directory. Default: BUS_KEYS_DIR, else $STATE_DIR/keys.")
    var directory: String?

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    /// The directory, read from the settings where it is not given.
    func resolved() throws -> KeyDirectory {
        if let directory { return KeyDirectory(directory) }
        let settings = try CommandSettings.load(configFile: configFile)
        let named = try settings.string("BUS_KEYS_DIR")
        return KeyDirectory(try named ?? BusSecurity.defaultDirectory(settings.stateDirectoryPath()))
    }
}
