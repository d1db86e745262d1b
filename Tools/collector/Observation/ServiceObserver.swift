import AsyncHTTPClient
import FoundationEssentials
import NIOCore

/// Finds the services of a state directory and asks them how they are.
struct ServiceObserver: Sendable {
    var stateDirectory: String
    var client: HTTPClient = .shared

    /// Every service that left its address and whose process is still there.
    func instances() -> [ServiceInstance] {
        let folder = stateDirectory + "/run"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let instance = try? JSONDecoder().decode(ServiceInstance.self, from: data),
                FileManager.default.fileExists(atPath: "/proc/\(instance.pid)")
            else { return nil }
            return instance
        }
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

    private func report(_ instance: ServiceInstance) async -> ServiceReport {
        let health = await get(instance.address + "/health/ready")
        let metrics = await get(instance.address + "/metrics")
        return ServiceReport(
            instance: instance,
            ready: health.map { $0.status == 200 },
            reasons: health.map { Self.reasons($0.body) } ?? [],
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

    private static func reasons(_ body: String) -> [String] {
        guard let answer = try? JSONDecoder().decode(Readiness.self, from: Data(body.utf8)) else { return [] }
        return answer.parts.sorted { $0.key < $1.key }.compactMap { part, reason in
            reason.map { "\(part): \($0)" }
        }
    }

    /// The body of `/health/ready`: each part and why it is not ready, null when it is.
    private struct Readiness: Decodable {
        var parts: [String: String?]
    }
}
