package import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What any answer of a server shows: it is there, whatever it thinks of the request.
package struct ServerGreeting: Hashable, Sendable {
    /// The HTTP status.
    package var status: Int
    /// The `Date` header: the server's idea of the time.
    package var date: String?
}

/// Why a server gave no answer at all; one line.
package struct ServerUnreachable: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
}

extension APIBaseURL {
    /// Asks for the base URL itself, without any secret.
    package func greeting(
        _ http: HTTPClient,
        within limit: Duration
    ) async throws(ServerUnreachable) -> ServerGreeting {
        var request = HTTPClientRequest(url: description)
        request.headers.add(name: "connection", value: "close")
        do {
            let response = try await http.execute(request, deadline: .now() + TimeAmount(limit))
            return ServerGreeting(
                status: Int(response.status.code),
                date: response.headers.first(name: "date")
            )
        } catch {
            throw ServerUnreachable(description: TransportFailure(error).reason)
        }
    }
}
