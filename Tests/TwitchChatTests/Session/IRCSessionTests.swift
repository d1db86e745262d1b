import ServiceRuntime
import Testing

@testable import TwitchChat

@Suite struct IRCSessionTests {
    let start = ContinuousClock.now
    let timing = IRCSession.Timing(idle: .seconds(15), answer: .seconds(8), login: .seconds(15))

    func session(_ credentials: Credentials = .anonymous(nick: "justinfan12345")) -> IRCSession {
        IRCSession(credentials: credentials, timing: timing)
    }

    func loggedIn() -> IRCSession {
        var session = session()
        _ = session.opened(at: start)
        _ = session.receive(.welcome, at: start)
        return session
    }

    @Test func `anonymous login asks for tags first and sends no password`() {
        var session = session()
        #expect(
            session.opened(at: start) == [
                .send("CAP REQ :twitch.tv/tags twitch.tv/commands"), .send("NICK justinfan12345"),
            ]
        )
        #expect(!session.isLoggedIn)
        #expect(session.receive(.welcome, at: start + .seconds(1)) == [.loggedIn])
        #expect(session.loggedInSince == start + .seconds(1))
        #expect(session.receive(.welcome, at: start) == [], "a second welcome is no second login")
    }

    @Test func `an account sends PASS before NICK`() {
        var session = session(.account(login: "harborlog", token: Secret("abc123")))
        #expect(session.opened(at: start).suffix(2) == [.send("PASS oauth:abc123"), .send("NICK harborlog")])
    }

    @Test func `random anonymous names are justinfan and five digits`() {
        for _ in 0..<50 {
            let nick = Credentials.randomAnonymous().nick
            #expect(nick.hasPrefix("justinfan") && nick.utf8.count == 14)
        }
    }

    @Test func `PING is answered with the same text`() {
        var session = loggedIn()
        #expect(session.receive(.ping("tmi.twitch.tv"), at: start) == [.send("PONG :tmi.twitch.tv")])
        #expect(session.receive(.ping("two words"), at: start) == [.send("PONG :two words")])
    }

    @Test func `PING before the welcome is answered too`() {
        var session = session()
        _ = session.opened(at: start)
        #expect(session.receive(.ping("x"), at: start) == [.send("PONG :x")])
    }

    @Test func `silence is asked about once and then is death`() {
        var session = loggedIn()
        #expect(session.tick(at: start + .seconds(14)) == [])
        #expect(session.tick(at: start + .seconds(15)) == [.send("PING :collector")])
        #expect(session.tick(at: start + .seconds(20)) == [])
        #expect(session.tick(at: start + .seconds(23)) == [.close(.silent)])
        #expect(session.tick(at: start + .seconds(60)) == [], "it is over only once")
        #expect(session.receive(.reconnect, at: start + .seconds(61)) == [])
    }

    @Test func `any line is a sign of life`() {
        var session = loggedIn()
        _ = session.tick(at: start + .seconds(15))
        session.heard(at: start + .seconds(22))
        #expect(session.tick(at: start + .seconds(30)) == [])
        #expect(session.tick(at: start + .seconds(37)) == [.send("PING :collector")])
    }

    @Test func `a login without an answer is given up`() {
        var session = session()
        #expect(session.tick(at: start + .seconds(100)) == [], "not before the socket is open")
        _ = session.opened(at: start)
        #expect(session.tick(at: start + .seconds(14)) == [])
        #expect(session.tick(at: start + .seconds(15)) == [.close(.loginTimeout)])
    }

    @Test func `RECONNECT is told once`() {
        var session = loggedIn()
        #expect(session.receive(.reconnect, at: start) == [.reconnectAnnounced])
        #expect(session.receive(.reconnect, at: start) == [])
        #expect(session.isLoggedIn, "the connection goes on until another one has taken over")
    }

    @Test(arguments: [
        "Login authentication failed", "Improperly formatted auth", "Improperly formatted AUTH", "Login unsuccessful",
        "Invalid NICK", "Error logging in",
    ])
    func `the five notices refuse a login in any case of letters`(text: String) {
        var session = session()
        _ = session.opened(at: start)
        #expect(session.receive(.loginNotice(text), at: start) == [.close(.loginRefused(text))])
    }

    @Test func `another notice to everybody is no refusal`() {
        var session = loggedIn()
        #expect(session.receive(.loginNotice("Hello there"), at: start) == [])
    }

    @Test func `without its capabilities a connection is of no use`() {
        var session = session()
        _ = session.opened(at: start)
        #expect(
            session.receive(.capabilityRefused("twitch.tv/tags"), at: start)
                == [.close(.loginRefused("capabilities refused: twitch.tv/tags"))]
        )
    }
}
