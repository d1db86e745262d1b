// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "twitch-chat-collector",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "irc-gateway", targets: ["irc-gateway"]),
        .executable(name: "stream-poller", targets: ["stream-poller"]),
        .executable(name: "token-service", targets: ["token-service"]),
        .executable(name: "writer", targets: ["writer"]),
        .executable(name: "collector", targets: ["collector"]),
        .executable(name: "twitch-simulator", targets: ["twitch-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: ["ConfigurationSupport"]
        ),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The contract and the vocabulary: no I/O, no dependency of ours.
        .library("Protocol"),
        .library("TwitchIRC"),

        // What of Linux Swift cannot call by itself.
        .systemLibrary(name: "CLinux", path: "Libraries/CLinux"),

        // The one rule for files, folders and sockets of our own.
        .library("PrivateFiles"),

        // The bus.
        .systemLibrary(name: "CZeroMQ", path: "Libraries/CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .library("ZeroMQ", ["CZeroMQ"]),
        .library(
            "EventBus",
            ["PrivateFiles", "Protocol", "ZeroMQ", .grdb, .logging, .metrics, .lifecycle, .collections, .crypto]
        ),

        // Storage.
        .library("EventStore", ["Protocol", .logging]),
        .library("SQLiteStore", ["EventStore", "PrivateFiles", "Protocol", .grdb, .logging]),
        .systemLibrary(name: "CPostgreSQL", path: "Libraries/CPostgreSQL", providers: [.apt(["libpq-dev"])]),
        .library("PostgresStore", ["CPostgreSQL", "EventStore", "Protocol", .logging]),

        // What every service shares with its operator.
        .library(
            "ServiceRuntime",
            [
                "CLinux", "PrivateFiles", .argumentParser, .collections, .configuration, .hummingbird, .lifecycle,
                .logging, .metrics, .system, .unixSignals, .yams,
            ]
        ),

        .library("BusSettings", ["EventBus", "ServiceRuntime", "ZeroMQ"]),

        // Twitch's chat connection.
        .library("TwitchChat", ["ServiceRuntime", "TwitchIRC"] + .nio + .webSocket),

        // Twitch's HTTP side, and what is kept of it.
        .library("TwitchAPI", ["Protocol", "ServiceRuntime", .asyncHTTPClient, .http1, .logging, .nioSSL] + .nio),
        .library("TokenStore", ["PrivateFiles", "Protocol", "ServiceRuntime", .crypto]),

        .service("irc-gateway", ["TwitchAPI", "TwitchChat", "TwitchIRC", .asyncHTTPClient, .collections] + .nio),
        .service("stream-poller", ["TwitchAPI", .asyncHTTPClient]),
        .service("token-service", ["TokenStore", "TwitchAPI", .asyncHTTPClient]),
        .service("writer", ["EventStore", "PostgresStore", "SQLiteStore"]),

        .tool(
            "collector",
            [
                "BusSettings", "EventBus", "EventStore", "PostgresStore", "PrivateFiles", "Protocol", "SQLiteStore",
                "ServiceRuntime", "TokenStore", "TwitchAPI", "TwitchChat", "TwitchIRC", .asyncHTTPClient, .http1,
                .hummingbird,
                .lifecycle, .logging, .subprocess, .system, .unixSignals,
            ] + .nio
        ),
        .tool(
            "twitch-simulator",
            [.hummingbird, .unixSignals, .logging, .collections, .crypto] + .nio + .webSocket
        ),

        // Nothing of its own: `swift build --target programs` makes all programs at once, and nothing of the tests.
        .target(
            name: "programs",
            dependencies: [
                "irc-gateway", "stream-poller", "token-service", "writer", "collector", "twitch-simulator",
            ],
            path: "Tools/programs",
            swiftSettings: .sources
        ),

        .target(
            name: "TestSupport",
            dependencies: ["EventStore", "Protocol", .asyncHTTPClient, .grdb, .logging] + .nio + .webSocket,
            path: "Tests/TestSupport",
            swiftSettings: .sources
        ),
        .tests("ProtocolTests", ["Protocol", "TestSupport"], exclude: ["Golden"]),
        .tests("TwitchIRCTests", ["TwitchIRC", "TestSupport"]),
        .tests("ZeroMQTests", ["ZeroMQ"]),
        .tests("PrivateFilesTests", ["PrivateFiles", "TestSupport"]),
        .tests("EventBusTests", ["EventBus", "PrivateFiles", "Protocol", "ZeroMQ", "TestSupport", .grdb, .logging]),
        .tests("EventStoreTests", ["EventStore", "Protocol", "TestSupport"]),
        .tests("SQLiteStoreTests", ["SQLiteStore", "EventStore", "Protocol", "TestSupport", .grdb]),
        .tests(
            "PostgresStoreTests",
            ["PostgresStore", "SQLiteStore", "EventStore", "Protocol", "TestSupport", .logging]
        ),
        .tests(
            "ServiceRuntimeTests",
            ["ServiceRuntime", "TestSupport", .asyncHTTPClient, .configuration, .lifecycle, .logging, .metrics]
                + .nio + .webSocket
        ),
        .tests(
            "TwitchAPITests",
            ["TwitchAPI", "Protocol", "ServiceRuntime", .asyncHTTPClient] + .nio
        ),
        .tests(
            "TokenServiceTests",
            [
                "token-service", "EventBus", "Protocol", "ServiceRuntime", "TokenStore", "TwitchAPI", "TestSupport",
                .asyncHTTPClient, .http1, .lifecycle, .logging,
            ] + .nio
        ),
        .tests("TokenStoreTests", ["TokenStore", "Protocol", "ServiceRuntime", "TestSupport"]),
        .tests(
            "IRCGatewayTests",
            [
                "irc-gateway", "BusSettings", "EventBus", "Protocol", "ServiceRuntime", "TwitchAPI", "TwitchChat",
                "TwitchIRC", "TestSupport", .asyncHTTPClient, .lifecycle, .logging,
            ] + .nio + .webSocket
        ),
        .tests("TwitchChatTests", ["TwitchChat", "ServiceRuntime", "TestSupport"] + .nio),
        .tests(
            "StreamPollerTests",
            [
                "stream-poller", "EventBus", "Protocol", "ServiceRuntime", "TestSupport", "TwitchAPI", .lifecycle,
                .logging,
            ]
        ),
        .tests(
            "WriterTests",
            [
                "writer", "EventBus", "EventStore", "PostgresStore", "SQLiteStore", "Protocol", "ServiceRuntime",
                "TestSupport",
            ]
                + [.grdb, .lifecycle, .logging]
        ),
        .tests(
            "SimulationTests",
            [
                "writer", "EventBus", "EventStore", "PostgresStore", "Protocol", "ServiceRuntime", "TestSupport",
                .logging,
            ]
        ),
        .tests(
            "CollectorTests",
            [
                "collector", "EventBus", "EventStore", "Protocol", "ServiceRuntime", "TestSupport", "TokenStore",
                "TwitchAPI",
            ] + [.asyncHTTPClient, .http1, .hummingbird, .system] + .nio
        ),
        .tests(
            "TwitchSimulatorTests",
            ["twitch-simulator", "TestSupport", .asyncHTTPClient, .logging] + .nio + .webSocket
        ),
        .tests(
            "EndToEndTests",
            [
                "EventBus", "Protocol", "ServiceRuntime", "TestSupport", "TokenStore", .asyncHTTPClient, .grdb, .http1,
                .logging,
            ] + .nio
        ),
    ]
)

// MARK: - Settings

extension [SwiftSetting] {
    /// Swift 6 mode with the features that make boundaries visible; every warning is an error.
    static var tests: Self {
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ]
    }

    /// The same, and `unsafe` must be spelled out: it marks the border to C and the hot codecs.
    static var sources: Self { tests + [.strictMemorySafety()] }
}

// MARK: - Products of other packages

extension Target.Dependency {
    static var argumentParser: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
    static var asyncHTTPClient: Self { .product(name: "AsyncHTTPClient", package: "async-http-client") }
    static var collections: Self { .product(name: "Collections", package: "swift-collections") }
    static var configuration: Self { .product(name: "Configuration", package: "swift-configuration") }
    static var crypto: Self { .product(name: "Crypto", package: "swift-crypto") }
    static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
    static var hummingbird: Self { .product(name: "Hummingbird", package: "hummingbird") }
    static var http1: Self { .product(name: "NIOHTTP1", package: "swift-nio") }
    static var lifecycle: Self { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
    static var logging: Self { .product(name: "Logging", package: "swift-log") }
    static var metrics: Self { .product(name: "Metrics", package: "swift-metrics") }
    static var nioSSL: Self { .product(name: "NIOSSL", package: "swift-nio-ssl") }
    static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
    static var system: Self { .product(name: "SystemPackage", package: "swift-system") }
    static var unixSignals: Self { .product(name: "UnixSignals", package: "swift-service-lifecycle") }
    static var yams: Self { .product(name: "Yams", package: "Yams") }
}

extension [Target.Dependency] {
    static var nio: Self {
        [
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ]
    }

    static var webSocket: Self {
        [
            .http1,
            .product(name: "NIOWebSocket", package: "swift-nio"),
            .nioSSL,
        ]
    }
}

// MARK: - One folder, one target

extension Target {
    /// A folder under `Libraries`.
    static func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: dependencies, path: "Libraries/\(name)", swiftSettings: .sources)
    }

    /// A folder under `Services`: one long-running executable on the bus.
    static func service(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name,
            dependencies: [
                "BusSettings", "EventBus", "Protocol", "ServiceRuntime", .argumentParser, .lifecycle, .logging,
                .metrics,
            ] + dependencies,
            path: "Services/\(name)",
            swiftSettings: .sources
        )
    }

    /// A folder under `Tools`: what a person or a test starts.
    static func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name,
            dependencies: [.argumentParser] + dependencies,
            path: "Tools/\(name)",
            swiftSettings: .sources
        )
    }

    /// A folder under `Tests` that mirrors the target it is named after.
    static func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
        .testTarget(
            name: name,
            dependencies: dependencies,
            path: "Tests/\(name)",
            exclude: exclude,
            swiftSettings: .tests
        )
    }
}
