import DequeModule
import NIOCore
import NIOWebSocket

/// One client: its login, its rooms, and the WebSocket message being filled for it.
///
/// Lives on the simulator's event loop and is only reached through the `Simulator` actor.
final class Connection {
    let id: Int
    let channel: any Channel
    let openedAt: Int64

    // Login.
    var capabilities: Set<Capability> = []
    var pass: String?
    var nick: String?
    var isLoggedIn = false
    var isAnonymous = false

    /// Logins of the rooms it is in.
    var rooms: Set<String> = []

    // Faults in force.
    /// Until then (uptime, ns) nothing is written to it, and its rooms' chat waits.
    var stalledUntil: Int64 = 0
    /// It gets no answer and no chat any more, and nothing it sends is read; the TCP connection stays.
    var isHalfOpen = false
    var isClosing = false

    /// When the unanswered PING was sent (uptime, ns).
    var pingSentAt: Int64?
    var lastPingAt: Int64
    var lastWebSocketPingAt: Int64
    /// Since when its socket takes no more (uptime, ns).
    var blockedSince: Int64?

    // What was handed over.
    private(set) var linesWritten = 0
    private(set) var bytesWritten = 0
    private(set) var messagesWritten = 0

    /// Completes when the operating system has taken everything sent so far.
    private(set) var lastWrite: EventLoopFuture<Void>?

    private var pending: ByteBuffer?
    private var pendingLines = 0
    private var pendingIsChat = false
    private var hasUnflushed = false
    /// The latest chat messages as sent, for duplicate delivery; bounded by bytes.
    private(set) var recent: Deque<ByteBuffer> = []
    private var recentBytes = 0

    init(id: Int, channel: any Channel, now: Int64) {
        self.id = id
        self.channel = channel
        self.openedAt = now
        self.lastPingAt = now
        self.lastWebSocketPingAt = now
    }

    /// Chat may be handed to it now.
    func isReady(at now: Int64) -> Bool { self.channel.isWritable && self.stalledUntil <= now }

    /// Room members that hear what is said; a half-open one does not count.
    var hears: Bool { !self.isHalfOpen && !self.isClosing }

    /// Adds one line (with its CR LF) to the message being filled, in the form the client's capabilities allow.
    ///
    /// - Returns: whether the client gets the line at all.
    @discardableResult
    func append(_ line: [UInt8], command: String, wire: SimulatorSettings.Wire, isChat: Bool) -> Bool {
        guard self.hears else { return false }
        if CommandsCapability.commands.contains(command), !self.capabilities.contains(.commands) {
            return false
        }
        var start = 0
        if line.first == UInt8(ascii: "@"), !self.capabilities.contains(.tags) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return false }
            start = space + 1
        }
        if self.pending == nil {
            self.pending = self.channel.allocator.buffer(capacity: wire.linesPerFrame == 1 ? 1024 : 6144)
        }
        self.pending?.writeBytes(line[start...])
        self.pendingLines += 1
        self.pendingIsChat = self.pendingIsChat || isChat
        if isChat { self.linesWritten += 1 }
        if self.pendingLines >= wire.linesPerFrame { self.endMessage(wire) }
        return true
    }

    /// Hands the message being filled to the socket's queue.
    func endMessage(_ wire: SimulatorSettings.Wire) {
        guard let buffer = self.pending else { return }
        if self.pendingIsChat { self.remember(buffer) }
        self.pending = nil
        self.pendingLines = 0
        self.pendingIsChat = false
        self.send(buffer, wire)
    }

    /// Writes one WebSocket text message, cut into fragments if so set.
    func send(_ buffer: ByteBuffer, _ wire: SimulatorSettings.Wire, opcode: WebSocketOpcode = .text) {
        self.messagesWritten += 1
        self.bytesWritten += buffer.readableBytes
        self.hasUnflushed = true
        let promise = self.channel.eventLoop.makePromise(of: Void.self)
        self.lastWrite = promise.futureResult
        guard wire.fragmentBytes > 0, buffer.readableBytes > wire.fragmentBytes else {
            self.channel.write(WebSocketFrame(fin: true, opcode: opcode, data: buffer), promise: promise)
            return
        }
        var rest = buffer
        var isFirst = true
        while let piece = rest.readSlice(length: min(wire.fragmentBytes, rest.readableBytes)), piece.readableBytes > 0 {
            let frame = WebSocketFrame(
                fin: rest.readableBytes == 0,
                opcode: isFirst ? opcode : .continuation,
                data: piece
            )
            self.channel.write(frame, promise: frame.fin ? promise : nil)
            isFirst = false
        }
    }

    /// Writes raw WebSocket frames as they are: pings, closes, faults.
    func write(_ frame: WebSocketFrame) {
        self.hasUnflushed = true
        self.channel.write(frame, promise: nil)
    }

    /// Ends the message and lets the socket take what waits. `true` when there was something.
    func flush(_ wire: SimulatorSettings.Wire) -> Bool {
        self.endMessage(wire)
        guard self.hasUnflushed else { return false }
        self.hasUnflushed = false
        self.channel.flush()
        return true
    }

    private func remember(_ buffer: ByteBuffer) {
        self.recent.append(buffer)
        self.recentBytes += buffer.readableBytes
        while self.recentBytes > 131_072, self.recent.count > 1, let oldest = self.recent.popFirst() {
            self.recentBytes -= oldest.readableBytes
        }
    }
}
