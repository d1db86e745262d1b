package import ServiceRuntime

/// Where chat is read, as a person set it.
package struct ChatServer: Sendable {
    /// `TWITCH_IRC_URL`.
    package var endpoint: WebSocketEndpoint
    /// `TWITCH_IRC_CA_FILE`: authorities to trust instead of the system's.
    package var trustRoots: String?

    /// Reads and checks the settings; opens nothing.
    ///
    /// ## Configuration keys:
    /// - `TWITCH_IRC_URL`: default `wss://irc-ws.chat.twitch.tv:443`; `ws://` for this machine only.
    /// - `TWITCH_IRC_CA_FILE`: a PEM file, default the system's authorities.
    package init(_ settings: Settings) throws {
        let url = try settings.string("TWITCH_IRC_URL", default: "wss://irc-ws.chat.twitch.tv:443")
        do throws(WebSocketEndpoint.Refusal) {
            endpoint = try WebSocketEndpoint(url)
        } catch {
            // A password inside the URL must not be repeated.
            guard error != .credentials else { throw ConfigurationError("TWITCH_IRC_URL: \(error.rawValue)") }
            throw ConfigurationError("TWITCH_IRC_URL is '\(url)', which cannot be used; \(error.rawValue)")
        }
        trustRoots = try settings.string("TWITCH_IRC_CA_FILE")
    }

    /// The client that opens connections; each has `timeout` until its WebSocket is open. `omitted` is told of what is left
    /// out of one that goes on.
    package func client(
        timeout: Duration = .seconds(20),
        omitted: @escaping @Sendable (WebSocketOmission) -> Void = { _ in }
    ) throws -> WebSocketClient {
        do {
            return try WebSocketClient(endpoint, trustRoots: trustRoots, timeout: timeout, omitted: omitted)
        } catch {
            guard let trustRoots else { throw error }
            throw ConfigurationError(
                "TWITCH_IRC_CA_FILE is '\(trustRoots)', which cannot be read; expected a PEM file with certificates"
            )
        }
    }
}
