import NIOCore
import TwitchChat
import TwitchIRC

/// Logs in to chat as the gateway does, and leaves again.
struct ChatLoginTrial: Sendable {
    let server: ChatServer
    let credentials: Credentials

    /// - Throws: `ConnectionEnd` that says what kept us out.
    func run() async throws {
        let socket = try await server.client(timeout: .seconds(4)).connect()
        try await socket.executeThenClose { inbound, outbound in
            var session = IRCSession(credentials: credentials)
            var actions = session.opened(at: .now)
            guard try await !perform(actions, outbound) else { return }
            var splitter = LineSplitter()
            for try await messages in inbound {
                for line in messages.flatMap({ splitter.lines(in: Array($0.readableBytesView)) }) {
                    guard let irc = try? IRCMessage(line), let message = try? TwitchMessage(irc),
                        let meaning = IRCSession.Line(message)
                    else { continue }
                    actions = session.receive(meaning, at: .now)
                    guard try await !perform(actions, outbound) else { return }
                }
            }
            throw ConnectionEnd.closed("")
        }
    }

    /// Whether we are in, and have said goodbye.
    private func perform(
        _ actions: [IRCSession.Action],
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> Bool {
        for action in actions {
            switch action {
            case .send(let line): try await outbound.write(ByteBuffer(string: line + "\r\n"))
            case .close(let end): throw end
            case .reconnectAnnounced: break
            case .loggedIn:
                try await outbound.write(ByteBuffer(string: "QUIT\r\n"))
                return true
            }
        }
        return false
    }
}
