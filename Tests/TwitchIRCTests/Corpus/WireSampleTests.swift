import Testing
import TwitchIRC

@Suite(.enabled(if: Corpus.isPresent, Corpus.absence))
struct WireSampleTests {
    @Test func `every line of a busy channel becomes a typed message with id, sender, room and time`() throws {
        let bytes = try Corpus.bytes("wire-sample.txt")
        var splitter = LineSplitter()
        let lines = splitter.lines(in: bytes)
        #expect(lines.count == 800)
        #expect(splitter.droppedLines == 0)
        var messages = 0
        for line in lines {
            switch try TwitchMessage(IRCMessage(line)) {
            case .privmsg(let message):
                messages += 1
                #expect(message.id.utf8.count == 36)
                #expect(!message.login.isEmpty && !message.userID.isEmpty && !message.text.isEmpty)
                #expect(message.channel == "nymn" && message.roomID == "62300805")
                #expect(message.sentMilliseconds.map { $0 > 1_700_000_000_000 } == true)
                #expect(message.emotes.allSatisfy { !$0.code(in: message.text).isEmpty })
            case .usernotice(let notice): #expect(!notice.kindName.isEmpty && !notice.systemMessage.isEmpty)
            case .clearchat(let clear): #expect(clear.sentMilliseconds != nil)
            case .clearmsg(let clear): #expect(!clear.targetMessageID.isEmpty)
            case .notice, .roomstate: break
            default: Issue.record("unexpected: \(String(decoding: line, as: UTF8.self).prefix(200))")
            }
        }
        #expect(messages > 700)
    }
}
