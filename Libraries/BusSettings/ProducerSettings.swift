package import EventBus
import Glibc
package import ServiceRuntime
import SystemPackage

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

    /// Finds out whether `BUS_BIND` could be bound, without binding it: see ``checkBind(_:service:stateDirectory:)``.
    package func checkBind(stateDirectory: String) throws {
        try Self.checkBind(bind, service: service, stateDirectory: stateDirectory)
    }

    /// Finds out whether `BUS_BIND` is an address that a service could bind here, without binding it for anybody to reach.
    /// A port that the running service with the same `STATE_DIR` holds is no fault. Blocks.
    /// - Parameters:
    ///   - bind: `BUS_BIND`; nil for the default place.
    ///   - service: Who would bind it.
    ///   - stateDirectory: `STATE_DIR`, which need not be there.
    /// - Throws: `ServiceFailure` or `ConfigurationError` in one line that names `BUS_BIND`.
    package static func checkBind(_ bind: String?, service: String, stateDirectory: String) throws {
        guard let bind else { return }
        switch try BusAddress(bind).transport {
        case .ipc(let path):
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex,
                let obstacle = WritablePlace.obstacle(toDirectory: String(path[..<slash]))
            else { return }
            throw ConfigurationError("BUS_BIND is '\(bind)', whose folder cannot be used: \(obstacle)")
        case .tcp(let host, let port):
            // An interface by its name, or all of them.
            guard host != "*", unsafe if_nametoindex(host) == 0 else { return }
            for port in port.map({ [Int($0), Int($0) + 1] }) ?? [0] {
                try check(host, port, bind: bind, service: service, stateDirectory: stateDirectory)
            }
        }
    }

    private static func check(
        _ host: String,
        _ port: Int,
        bind: String,
        service: String,
        stateDirectory: String
    ) throws {
        do throws(LocalAddress.Refusal) {
            try LocalAddress.check(host, port: port)
        } catch {
            switch error {
            case .system(.addressInUse):
                let isRunning = RunFile.all(in: stateDirectory).contains {
                    $0.service == service && kill($0.pid, 0) == 0
                }
                guard !isRunning else { return }
                throw ServiceFailure(
                    .unavailable,
                    "BUS_BIND is '\(bind)', and port \(port) is in use by another process; choose a free pair of ports"
                )
            case .unresolvable:
                throw ConfigurationError(
                    "BUS_BIND is '\(bind)', whose host is neither an address, a name that resolves nor a network interface"
                )
            case .system(let code):
                throw ConfigurationError(
                    "BUS_BIND is '\(bind)', which cannot be bound: \(code); expected an address of this machine"
                )
            }
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
