import AsyncHTTPClient
import ServiceLifecycle
import TwitchAPI

/// The HTTP client, shut down when everything that uses it has stopped.
final class HelixConnection: Service {
    let client: HTTPClient

    init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HelixClient.connections)
    }

    func run() async throws {
        try? await gracefulShutdown()
        try await client.shutdown()
    }
}
