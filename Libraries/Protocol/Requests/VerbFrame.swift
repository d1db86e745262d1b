/// A request or reply taken apart: `<VERB> <JSON>`, and after a line feed whatever follows.
struct VerbFrame {
    /// Empty when there is no space behind it.
    let verb: String
    let json: [UInt8]
    let rest: [UInt8]

    private struct Numbered: Decodable {
        let request: Int
    }

    /// The request's number, for the reply to a request that is otherwise not understood; 0 when there is none.
    var request: Int {
        let numbered: Numbered? = try? ColdJSON.decode(json)
        return numbered?.request ?? 0
    }

    init(_ frame: some Collection<UInt8>) {
        let lineEnd = frame.firstIndex(of: UInt8(ascii: "\n")) ?? frame.endIndex
        let line = frame[..<lineEnd]
        rest = Array(frame[lineEnd...].dropFirst())
        if let space = line.firstIndex(of: UInt8(ascii: " ")) {
            verb = String(decoding: line[..<space], as: UTF8.self)
            json = Array(line[space...].dropFirst())
        } else {
            verb = ""
            json = []
        }
    }

    static func encode(_ verb: String, _ message: some Encodable) throws -> [UInt8] {
        join(verb, try ColdJSON.encode(message))
    }

    static func join(_ verb: String, _ json: [UInt8]) -> [UInt8] {
        Array(verb.utf8) + [UInt8(ascii: " ")] + json
    }
}
