import AsyncHTTPClient
import ServiceLifecycle
import TwitchAPI

/// The HTTP client, shut down when everything that uses it has stopped.
final class HelixConnection: Service {
    let client: HTTPClient

    init() {
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)
    }

    func run() async throws {
        try? await gracefulShutdown()
        try await client.shutdown()
    }
}
