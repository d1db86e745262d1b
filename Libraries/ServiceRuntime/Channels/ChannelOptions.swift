package import ArgumentParser

/// `--channel` and `--channels-file`: what to collect, decided on the command line.
package struct ChannelOptions: ParsableArguments {
    /// `--channel`, as it was typed.
    @Option(
        name: .long,
        help: """
            A channel to collect: its login, its user id, or the address of its page; may be repeated. Instead of CHANNELS and \
            the channels file.
            """
    )
    package var channel: [String] = []

    /// `--channels-file`.
    @Option(
        name: .long,
        help: "The channels file, beside --channel where both are given. Default: CHANNELS_FILE, else channels.yaml."
    )
    package var channelsFile: String?

    /// For the parser: before it has parsed nothing may be read.
    package init() {}

    /// Whether the command line says what to collect.
    package var isEmpty: Bool { channel.isEmpty && channelsFile == nil }

    /// The same as settings, which count more than all others.
    /// - Throws: ``ServiceFailure`` with status 64 where a value names no channel.
    package func overrides() throws -> [String: String] {
        var settings: [String: String] = [:]
        if !channel.isEmpty {
            settings["CHANNELS"] = try names().joined(separator: ",")
            // The channels of a file that nobody has named here would be a surprise.
            settings["CHANNELS_FILE"] = ChannelListSource.noFile
        }
        if let channelsFile {
            guard !channelsFile.trimmingWhitespace().isEmpty else {
                throw ServiceFailure(.usage, "--channels-file is empty; expected the path of a channels file")
            }
            settings["CHANNELS_FILE"] = channelsFile
        }
        return settings
    }

    /// What gives a program in another working directory the same channels.
    /// - Parameter path: Makes a path independent of the working directory.
    /// - Returns: The options and their values.
    /// - Throws: ``ServiceFailure`` with status 64 where a value names no channel.
    package func arguments(_ path: (String) -> String) throws -> [String] {
        try names().flatMap { ["--channel", $0] } + (channelsFile.map { ["--channels-file", path($0)] } ?? [])
    }

    /// Each channel once, as `CHANNELS` has it.
    private func names() throws -> [String] {
        var names: [String] = []
        for text in channel.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            guard let channel = ChannelReference(String(text)) else {
                throw ServiceFailure(
                    .usage,
                    "--channel is '\(text.prefix(80))', which is no channel of Twitch; expected a login, a user id or an "
                        + "address such as https://twitch.tv/shroud"
                )
            }
            let name = channel.text
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

extension ChannelReference {
    /// As `CHANNELS` has it: a login of digits alone needs its `#`.
    fileprivate var text: String {
        switch self {
        case .login(let login): login.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "#\(login)" : login
        case .userID(let id): id
        }
    }
}
