/// Lines as Twitch sends them, invented.
enum Chat {
    static func roomID(_ login: String) -> String { "9\(login.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 100_000)" }

    static func uuid(_ number: Int) -> String {
        let digits = String(number)
        return "30000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func message(_ number: Int, in login: String, _ text: String = "hello") -> String {
        "@badge-info=;badges=;color=;display-name=Ola;emotes=;first-msg=0;flags=;id=\(uuid(number));mod=0;"
            + "returning-chatter=0;room-id=\(roomID(login));subscriber=0;tmi-sent-ts=1790000000123;turbo=0;"
            + "user-id=800300114;user-type= :ola!ola@ola.tmi.twitch.tv PRIVMSG #\(login) :\(text)"
    }
}
