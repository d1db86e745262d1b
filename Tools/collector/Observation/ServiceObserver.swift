import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import ServiceRuntime

/// Finds the services of a state directory and asks them how they are.
struct ServiceObserver: Sendable {
    var stateDirectory: String
    var client: HTTPClient = .shared

    /// Every service that left its address and whose process is still there.
    func instances() -> [RunFile] {
        RunFile.all(in: stateDirectory).filter(Self.isRunning)
    }

    /// A killed service leaves its file behind, and its number may be somebody else's by now.
    private static func isRunning(_ instance: RunFile) -> Bool {
        guard let entry = ProcessEntry(instance.pid), entry.state != "Z" else { return false }
        // Another user's program is not told; an upgrade leaves `… (deleted)` behind the name.
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(instance.pid)/exe")
        guard let name = program?.split(separator: "/").last else { return true }
        return name.split(separator: " ").first.map { $0 == instance.service } ?? false
    }

    /// Asks all services at once; one that does not answer within a second is reported as silent.
    func reports() async -> [ServiceReport] {
        await withTaskGroup(of: ServiceReport.self) { group in
            for instance in instances() {
                group.addTask { await report(instance) }
            }
            return await group.reduce(into: []) { $0.append($1) }
                .sorted { ($0.instance.service, $0.instance.pid) < ($1.instance.service, $1.instance.pid) }
        }
    }

    /// Asks one service.
    func report(_ instance: RunFile) async -> ServiceReport {
        let health = await get("http://\(instance.http)/health/ready")
        let metrics = await get("http://\(instance.http)/metrics")
        return ServiceReport(
            instance: instance,
            ready: health.map { $0.status == 200 },
            reasons: health.map { Self.lines($0.body, \.reason) } ?? [],
            details: health.map { Self.lines($0.body, \.detail) } ?? [],
            metrics: PrometheusText(metrics?.body ?? "")
        )
    }

    private func get(_ address: String) async -> (status: Int, body: String)? {
        do {
            let response = try await client.execute(HTTPClientRequest(url: address), timeout: .seconds(1))
            let body = try await response.body.collect(upTo: 4 << 20)
            return (Int(response.status.code), String(buffer: body))
        } catch {
            return nil
        }
    }

    private static func lines(_ body: String, _ text: KeyPath<Readiness.Part, String?>) -> [String] {
        guard let answer = try? JSONDecoder().decode(Readiness.self, from: Data(body.utf8)) else { return [] }
        return answer.parts.sorted { $0.key < $1.key }.compactMap { name, part in
            part[keyPath: text].map { "\(name): \($0)" }
        }
    }

    /// The body of `/health/ready`.
    private struct Readiness: Decodable {
        struct Part: Decodable {
            var reason: String?
            var detail: String?
        }

        var parts: [String: Part]
    }
}
