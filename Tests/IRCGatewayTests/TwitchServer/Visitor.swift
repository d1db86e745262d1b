import NIOCore
import NIOWebSocket
import Synchronization

/// One connection as the server sees it.
final class Visitor: Sendable {
    struct State {
        var lines: [String] = []
        var unmaskedFrames = 0
        var pongs: [String] = []
        var nick = ""
        var closeCode: Int?
        var isDead = false
    }

    let channel: any Channel
    let state = Mutex(State())

    init(channel: any Channel) {
        self.channel = channel
    }

    var isOpen: Bool { channel.isActive }
    var lines: [String] { state.withLock { $0.lines } }
    var nick: String { state.withLock { $0.nick } }
    /// What PASS said; nil for an anonymous visitor.
    var pass: String? { lines.first { $0.hasPrefix("PASS ") }.map { String($0.dropFirst(5)) } }
    /// Channels named in JOIN so far, in order.
    var joins: [String] { names(behind: "JOIN ") }
    var parts: [String] { names(behind: "PART ") }

    /// Sends lines in one text frame.
    func send(_ lines: String...) { send(lines) }

    func send(_ lines: [String], opcode: WebSocketOpcode = .text) {
        frame(lines.map { $0 + "\r\n" }.joined(), opcode)
    }

    /// Sends one frame as it is.
    func frame(_ text: String, _ opcode: WebSocketOpcode, isFinal: Bool = true) {
        let frame = WebSocketFrame(fin: isFinal, opcode: opcode, data: ByteBuffer(string: text))
        channel.writeAndFlush(frame, promise: nil)
    }

    func bytes(_ bytes: [UInt8]) {
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Cuts the connection without a word.
    func cut() { channel.close(promise: nil) }

    private func names(behind command: String) -> [String] {
        lines.filter { $0.hasPrefix(command) }.flatMap { line in
            line.dropFirst(command.count).split(separator: ",").map { String($0.dropFirst()) }
        }
    }
}

/// Answers what a visitor says.
final class Reception: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let server: ScriptedTwitch
    private let visitor: Visitor

    init(_ server: ScriptedTwitch, _ visitor: Visitor) {
        self.server = server
        self.visitor = visitor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if frame.maskKey == nil { visitor.state.withLock { $0.unmaskedFrames += 1 } }
        let behaviour = server.behaviour
        guard !behaviour.isDead else { return }
        var payload = frame.unmaskedData
        switch frame.opcode {
        case .text:
            for line in String(buffer: payload).split(separator: "\r\n") { answer(String(line), behaviour) }
        case .pong:
            visitor.state.withLock { $0.pongs.append(String(buffer: payload)) }
        case .connectionClose:
            let code = payload.readInteger(as: UInt16.self).map(Int.init)
            visitor.state.withLock { $0.closeCode = code ?? 0 }
            for (index, line) in behaviour.lastWords.enumerated() {
                let delay = behaviour.lastWordsEvery * (index + 1)
                context.eventLoop.scheduleTask(in: delay) { [visitor] in visitor.send(line) }
            }
            let end = behaviour.lastWordsEvery * (behaviour.lastWords.count + 1)
            context.eventLoop.assumeIsolated().scheduleTask(in: end) { [visitor] in
                visitor.frame("", .connectionClose)
                context.close(promise: nil)
            }
        default:
            break
        }
    }

    private func answer(_ line: String, _ behaviour: ScriptedTwitch.Behaviour) {
        visitor.state.withLock { $0.lines.append(line) }
        if line.hasPrefix("CAP REQ :") {
            visitor.send(":tmi.twitch.tv CAP * ACK :\(line.dropFirst(9))")
        } else if line.hasPrefix("NICK ") {
            let nick = String(line.dropFirst(5))
            visitor.state.withLock { $0.nick = nick }
            if visitor.pass != nil, behaviour.cutsAccounts {
                visitor.cut()
            } else if let notice = behaviour.loginNotice ?? visitor.pass.flatMap(behaviour.passNotice) {
                visitor.send(":tmi.twitch.tv NOTICE * :\(notice)")
                visitor.cut()
            } else if behaviour.welcomes {
                visitor.send(":tmi.twitch.tv 001 \(nick) :Welcome, GLHF!", ":tmi.twitch.tv 376 \(nick) :>")
            }
        } else if line.hasPrefix("PING") {
            visitor.send(":tmi.twitch.tv PONG tmi.twitch.tv :\(line.dropFirst(6))")
        } else if line.hasPrefix("JOIN ") {
            for name in line.dropFirst(5).split(separator: ",") { join(String(name.dropFirst()), behaviour) }
        }
    }

    private func join(_ login: String, _ behaviour: ScriptedTwitch.Behaviour) {
        let accountRefusal = visitor.pass == nil ? nil : behaviour.accountRefusal(login)
        if let id = behaviour.refusal(login) ?? accountRefusal {
            visitor.send("@msg-id=\(id) :tmi.twitch.tv NOTICE #\(login) :No.")
        } else if behaviour.answersJoin(login) {
            let nick = visitor.nick
            visitor.send(
                ":\(nick)!\(nick)@\(nick).tmi.twitch.tv JOIN #\(login)",
                "@emote-only=0;followers-only=-1;r9k=0;room-id=\(Chat.roomID(login));slow=0;subs-only=0 "
                    + ":tmi.twitch.tv ROOMSTATE #\(login)"
            )
        }
    }
}
