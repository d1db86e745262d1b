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
            #expect(block.contains("<<: *program") || block.contains("logging: *logging"), "\(name)")
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
        for variable in text.matches(of: /\$\{([A-Z_]+):-/) {
            #expect(example.contains("\n\(variable.output.1)="), "\(variable.output.1)")
        }
        #expect(!text.contains(/\$\{[A-Z_]+\}/), "each variable has a default")
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
