import NIOCore
import NIOWebSocket

extension Simulator {
    /// Sends the server's own pings, and closes whoever does not answer or does not read.
    func keepAlive(at now: Int64) {
        for connection in Array(self.connections.values) where connection.hears && connection.stalledUntil <= now {
            self.ping(connection, at: now)
            self.closeIfSlow(connection, at: now)
        }
    }

    private func ping(_ connection: Connection, at now: Int64) {
        let wire = self.wire
        if let sent = connection.pingSentAt, now - sent > Int64(wire.pongTimeout * 1e9) {
            self.counters.closedWithoutPong += 1
            return self.hangUp(connection)
        }
        if wire.pingInterval > 0, connection.pingSentAt == nil,
            now - connection.lastPingAt >= Int64(wire.pingInterval * 1e9)
        {
            connection.lastPingAt = now
            connection.pingSentAt = now
            self.reply([ServerLines.ping], to: connection)
        }
        if wire.webSocketPingInterval > 0,
            now - connection.lastWebSocketPingAt >= Int64(wire.webSocketPingInterval * 1e9)
        {
            connection.lastWebSocketPingAt = now
            connection.write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer(string: "tmi")))
            self.flush(connection)
        }
    }

    private func closeIfSlow(_ connection: Connection, at now: Int64) {
        guard !connection.channel.isWritable else {
            connection.blockedSince = nil
            return
        }
        let since = connection.blockedSince ?? now
        connection.blockedSince = since
        let limit = self.wire.slowReaderTimeout
        guard limit > 0, now - since > Int64(limit * 1e9) else { return }
        self.counters.slowReadersClosed += 1
        // The socket is full: a close frame would wait behind it.
        connection.isClosing = true
        connection.channel.close(promise: nil)
    }
}
