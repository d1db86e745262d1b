package import EventBus
package import ServiceRuntime

/// What a person may set of a service that publishes events: where, for whom, and how they are kept.
package struct ProducerSettings: Sendable {
    /// `BUS_BIND`; nil for the default place.
    package var bind: String?
    /// `BUS_ALLOW_PLAINTEXT`.
    package var allowsPlaintext: Bool
    /// `BUS_KEYS_DIR`: nil without keys.
    package var security: BusSecurity?
    /// `JOURNAL_…`.
    package var journal: JournalConfiguration
    private let service: String

    /// Reads and checks the settings; opens nothing.
    ///
    /// ## Configuration keys:
    /// - `BUS_BIND`: default `ipc://$STATE_DIR/bus/<service>-<slot>`.
    /// - `BUS_KEYS_DIR`: default `$STATE_DIR/keys`; with `<service>.key` there, tcp is encrypted.
    /// - `BUS_ALLOW_PLAINTEXT`: bind an address that other machines reach without keys, default `false`.
    /// - `JOURNAL_SYNC`: `full` (default) or `normal`.
    /// - `JOURNAL_SEGMENT_SIZE`, `JOURNAL_SIZE_LIMIT`: defaults 64 MiB and 8 GiB.
    /// - `JOURNAL_KEEP`: how long delivered events are kept at least, default 1 h.
    package init(_ settings: Settings, service: String) throws {
        self.service = service
        allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
        security = try BusSecurity.configured(
            settings.string("BUS_KEYS_DIR"),
            stateDirectory: settings.stateDirectoryPath(),
            name: service
        )
        journal = try JournalConfiguration(settings)
        bind = try settings.string("BUS_BIND")
        guard let bind else { return }
        do throws(BusAddressError) {
            _ = try EventEncryption.required(
                of: BusAddress(bind),
                security: security,
                allowsPlaintext: allowsPlaintext
            )
        } catch {
            throw ConfigurationError("BUS_BIND: \(error)")
        }
    }

    /// What these settings mean for the publisher of a service.
    /// - Parameters:
    ///   - prefix: The first part of the producer's name, such as `gw`.
    ///   - stateDirectory: `STATE_DIR`, which is there.
    /// - Returns: The publisher's configuration.
    package func publisher(prefix: String, stateDirectory: String) -> EventPublisher.Configuration {
        var publisher = EventPublisher.Configuration(
            service: service,
            prefix: prefix,
            stateDirectory: stateDirectory,
            bind: bind,
            journal: journal,
            security: security
        )
        publisher.allowsPlaintext = allowsPlaintext
        return publisher
    }
}
