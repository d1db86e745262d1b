import Foundation
import Testing

/// deploy/docker-compose.yml, as far as it can be judged without an engine.
struct ComposeFileTests {
    /// The blocks below `services:`, by name.
    private static func services() throws -> [String: String] {
        let text = try MetricsPage.file("deploy/docker-compose.yml")
        let all = try #require(text.components(separatedBy: "\nservices:\n").dropFirst().first)
        let section = try #require(all.components(separatedBy: "\nvolumes:\n").first)
        let names = section.matches(of: /(?m)^  ([a-z-]+):$/)
        return Dictionary(
            uniqueKeysWithValues: names.enumerated().map { index, match in
                let end = index + 1 < names.count ? names[index + 1].range.lowerBound : section.endIndex
                return (String(match.output.1), String(section[match.range.upperBound..<end]))
            }
        )
    }

    @Test func `every service that goes on shows its health, and has a limit for its log and its memory`() throws {
        let services = try Self.services()
        #expect(services.count == 10)
        for (name, block) in services where name != "keys" {
            #expect(block.contains("    healthcheck: "), "\(name)")
            #expect(block.contains("    deploy: "), "\(name)")
            #expect(
                block.contains("<<: *program") || block.contains("<<: [*program")
                    || block.contains("logging: *logging"),
                "\(name)"
            )
        }
    }

    @Test func `ports are published on this machine only, and configuration cannot be written`() throws {
        for (name, block) in try Self.services() {
            for ports in block.matches(of: /ports: \[(.*)\]/) {
                #expect(ports.output.1.hasPrefix("\"127.0.0.1:"), "\(name): \(ports.output.1)")
            }
            for mount in block.matches(of: /(?m)^ +- (\.\/\S+)$/) {
                #expect(mount.output.1.hasSuffix(":ro"), "\(name): \(mount.output.1)")
            }
        }
    }

    @Test func `what is mounted is there, and every variable of the file is explained or has a default`() throws {
        let text = try MetricsPage.file("deploy/docker-compose.yml")
        for mount in text.matches(of: /- \.\/([^:\s]+):/) {
            let path = MetricsPage.repository.appending(path: "deploy/\(mount.output.1)").path
            #expect(FileManager.default.fileExists(atPath: path), "\(mount.output.1)")
        }
        let example = try MetricsPage.file("deploy/.env.example")
        for variable in text.matches(of: /\$\{([A-Z_]+):[-?]/) {
            #expect(example.contains("\n\(variable.output.1)="), "\(variable.output.1)")
        }
        #expect(!text.contains(/\$\{[A-Z_]+\}/), "each variable has a default, or says what to do")
    }

    @Test func `how many run is in the settings, so that no command forgets it`() throws {
        let services = try Self.services()
        #expect(services["irc-gateway"]?.contains("replicas: \"${GATEWAYS:-1}\"") == true)
        #expect(services["writer"]?.contains("replicas: \"${WRITERS:-1}\"") == true)
        for path in ["docs/docker.md", "README.md", "README.ja.md", "docs/operations.md", "deploy/docker-compose.yml"] {
            #expect(!(try MetricsPage.file(path)).contains("--scale"), "\(path): the next command would undo it")
        }
    }

    @Test func `what is chosen once holds for up and down: the database by its profile`() throws {
        let services = try Self.services()
        for name in ["postgres", "writer"] { #expect(services[name]?.contains("profiles: [postgres]") == true) }
        #expect(services["sqlite"]?.contains("profiles: [sqlite]") == true)
        #expect(try MetricsPage.file("deploy/.env.example").contains("\nCOMPOSE_PROFILES=postgres\n"))
    }

    @Test func `every program comes from the one image, and keeps what it has to keep in a volume with a name`() throws
    {
        let dockerfile = try MetricsPage.file("deploy/Dockerfile")
        #expect(!dockerfile.contains(/(?m)^VOLUME/), "each container would leave one without a name behind")
        for (name, block) in try Self.services() where block.contains("*image") {
            let command = block.firstMatch(of: /(?m)^    command: \[([a-z-]+)/)?.output.1
            if name != "keys" {
                let command = try #require(command.map { String($0) }, "\(name)")
                #expect(dockerfile.contains(" \(command) ") || dockerfile.contains(" \(command);"), "\(command)")
            }
            let isStateKept = block.contains(":/var/lib/collector\n") || block.contains(":/var/lib/collector]")
            #expect(name == "keys" || isStateKept || block.contains("\"/var/lib/collector:uid=10001"), "\(name)")
        }
    }

    /// The login happens where the tokens are kept, with what the service there has.
    @Test func `the service that one logs in at has the application, its secret and the token file`() throws {
        let block = try #require(try Self.services()["token-service"])
        #expect(block.contains("TWITCH_CLIENT_ID: ${TWITCH_CLIENT_ID:-}"))
        #expect(block.contains("TWITCH_CLIENT_SECRET_FILE: /run/secrets/twitch_client_secret"))
        #expect(block.contains("secrets: [twitch_client_secret]"))
        #expect(block.contains("- token-service:/var/lib/collector"))
        #expect(try MetricsPage.file("deploy/Dockerfile").contains("STATE_DIR=/var/lib/collector"))
    }

    @Test func `the compiler of the image is the one that README names as tested`() throws {
        let pinned = try #require(
            try MetricsPage.file("deploy/Dockerfile").firstMatch(of: /FROM swift:([0-9.]+)-bookworm AS build/)?.output.1
        )
        for path in ["README.md", "README.ja.md"] {
            #expect(try MetricsPage.file(path).contains("Swift \(pinned)"), "\(path)")
        }
    }

    @Test func `Prometheus looks for the services where they answer`() throws {
        let services = try Self.services()
        let configuration = try MetricsPage.file("deploy/prometheus/prometheus.yml")
        for (job, port) in [
            ("irc-gateway", 9101), ("stream-poller", 9102), ("token-service", 9103), ("writer", 9104),
        ] {
            #expect(services[job]?.contains("HTTP_PORT: \"\(port)\"") == true)
            #expect(configuration.contains("job_name: \(job)\n"))
            #expect(configuration.contains(try Regex("names: \\[\(job)[^\\]]*\\], type: A, port: \(port)")))
        }
    }
}
