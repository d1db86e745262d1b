/// What a line does.
package enum IRCCommand: Hashable, Sendable {
    case privmsg
    case usernotice
    case clearchat
    case clearmsg
    case notice
    case roomstate
    case userstate
    case globaluserstate
    case reconnect
    case join
    case part
    case ping
    case pong
    case cap
    case whisper
    case hosttarget
    /// Three digits.
    case numeric(Int)
    /// Any other run of letters, as on the wire.
    case other(String)

    /// Letters only, in any case, or exactly three digits.
    init(_ bytes: ArraySlice<UInt8>) throws(IRCParseError) {
        if let known = Self.known(bytes) {
            self = known
            return
        }
        if bytes.count == 3, bytes.allSatisfy(DecimalNumber.isDigit), let code = DecimalNumber.read(bytes) {
            self = .numeric(code)
            return
        }
        guard bytes.allSatisfy({ ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }) else {
            throw .malformedCommand
        }
        let text = String(decoding: bytes, as: UTF8.self)
        self = Self.names[text.uppercased()] ?? .other(text)
    }

    /// The name on the wire, in capitals unless it is an unknown one; numerics have three digits.
    package var name: String {
        switch self {
        case .privmsg: "PRIVMSG"
        case .usernotice: "USERNOTICE"
        case .clearchat: "CLEARCHAT"
        case .clearmsg: "CLEARMSG"
        case .notice: "NOTICE"
        case .roomstate: "ROOMSTATE"
        case .userstate: "USERSTATE"
        case .globaluserstate: "GLOBALUSERSTATE"
        case .reconnect: "RECONNECT"
        case .join: "JOIN"
        case .part: "PART"
        case .ping: "PING"
        case .pong: "PONG"
        case .cap: "CAP"
        case .whisper: "WHISPER"
        case .hosttarget: "HOSTTARGET"
        case .numeric(let code): String(repeating: "0", count: max(0, 3 - String(code).count)) + String(code)
        case .other(let name): name
        }
    }

    private static let names: [String: IRCCommand] = Dictionary(
        uniqueKeysWithValues: [
            privmsg, usernotice, clearchat, clearmsg, notice, roomstate, userstate, globaluserstate, reconnect, join,
            part, ping, pong, cap, whisper, hosttarget,
        ].map { ($0.name, $0) }
    )

    /// The commands that make up almost all traffic, without a dictionary or a string.
    private static func known(_ bytes: ArraySlice<UInt8>) -> IRCCommand? {
        guard bytes.count == 7, bytes.elementsEqual("PRIVMSG".utf8) else { return nil }
        return .privmsg
    }
}
