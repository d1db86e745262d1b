package import ArgumentParser

/// The options that every service understands.
package struct ServiceOptions: ParsableArguments {
    /// `--check-config`.
    @Flag(name: .long, help: "Check the configuration and exit.")
    package var checkConfig = false

    /// `--config-file`.
    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    package var configFile: String?

    /// `--supervised`: stop when standard input ends.
    @Flag(name: .long, help: .hidden)
    package var supervised = false

    /// No options.
    package init() {}
}
