/// Which channels to collect: `CHANNELS` and the channels file together.
package struct ChannelList: Hashable, Sendable {
    /// The enabled channels that can be joined, lower-case, in the order they were named, each once.
    package var logins: [String]
    /// User ids of enabled channels that were given without a login; a service that knows Helix resolves them.
    package var userIDs: [String]
    /// The user ids of those `logins` that were given with one: whom to look for when the login is no longer known.
    package var idsOfLogins: [String: String]
    /// `scheduler.interval_minutes` of the file.
    package var pollInterval: Duration?
    /// Lines for a person: what was mended, skipped or not understood.
    package var warnings: [String]
    /// The file that was read; nil where there is none.
    package var file: String?

    /// A list made by hand.
    package init(
        logins: [String],
        userIDs: [String] = [],
        idsOfLogins: [String: String] = [:],
        pollInterval: Duration? = nil,
        warnings: [String] = [],
        file: String? = nil
    ) {
        self.logins = logins
        self.userIDs = userIDs
        self.idsOfLogins = idsOfLogins
        self.pollInterval = pollInterval
        self.warnings = warnings
        self.file = file
    }

    /// Whether a channel can be called that: 1 to 25 lower-case letters, digits and `_`.
    package static func isLogin(_ text: String) -> Bool {
        (1...25).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
            }
    }

    /// Reads `CHANNELS` and `CHANNELS_FILE`. Throws ``ConfigurationError`` with file and line.
    ///
    /// A file that was named must exist; `channels.yaml` may be missing where `CHANNELS` names channels. Reads from
    /// the disk: call it at start, or from ``ChannelListWatcher``.
    package static func load(settings: Settings) throws -> ChannelList {
        try ChannelListSource(settings).load()
    }
}

/// What a channel list is read from.
package struct ChannelListSource: Hashable, Sendable {
    /// `CHANNELS`.
    package var names: [String]
    /// `CHANNELS_FILE`, or `channels.yaml`; nil where `CHANNELS_FILE` says that there is none.
    package var path: String?
    /// Whether `CHANNELS_FILE` was set.
    package var isFileRequired: Bool

    /// The value of `CHANNELS_FILE` that stands for no file, not even `channels.yaml`.
    package static let noFile = "none"

    /// Reads `CHANNELS` and `CHANNELS_FILE`, not the file.
    package init(_ settings: Settings) throws {
        let path = try settings.string("CHANNELS_FILE")
        guard path != Self.noFile else {
            self.init(names: try settings.list("CHANNELS"), path: nil, isFileRequired: false)
            return
        }
        self.init(names: try settings.list("CHANNELS"), path: path ?? "channels.yaml", isFileRequired: path != nil)
    }

    /// `names` as in `CHANNELS`; `path` is the file's, nil for none.
    package init(names: [String], path: String?, isFileRequired: Bool) {
        self.names = names
        self.path = path
        self.isFileRequired = isFileRequired
    }

    /// Reads the file and joins it with the names.
    package func load() throws -> ChannelList {
        var builder = ChannelListBuilder()
        try builder.add(names: self.names)
        let hasFile = try self.addFile(to: &builder)
        guard !builder.list.logins.isEmpty || !builder.list.userIDs.isEmpty else {
            guard let path else {
                throw ConfigurationError("there are no channels to collect; set CHANNELS=login,login")
            }
            throw ConfigurationError(
                hasFile
                    ? "\(path): no enabled channel; add one with 'user_login: <login>' below 'channels:', or set CHANNELS"
                    : "there are no channels to collect; set CHANNELS=login,login or create \(path)"
            )
        }
        return builder.list
    }

    /// Whether there was a file.
    private func addFile(to builder: inout ChannelListBuilder) throws -> Bool {
        guard let path else { return false }
        let text =
            try self.isFileRequired
            ? TextFile.contents(of: path, hint: "create it, or name the channels file with CHANNELS_FILE")
            : TextFile.contents(ofOptional: path)
        if let text { try builder.add(file: text, path: path) }
        return text != nil
    }
}
