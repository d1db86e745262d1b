/// The invented words that chat is made of.
enum Vocabulary {
    static let emotes: [(name: String, id: String)] = [
        ("Kappa", "25"), ("LUL", "425618"), ("PogChamp", "305954156"), ("NotLikeThis", "58765"),
        ("HeyGuys", "30259"), ("BibleThump", "86"), ("ResidentSleeper", "245"), ("SeemsGood", "64138"),
        ("WutFace", "28087"), ("quietBoats", "emotesv2_0123456789abcdef0123456789abcdef"),
        ("harborHype", "emotesv2_5f1c29aa84b64f0d9d35b4a07cc0d11e"), ("reefWave_TK", "300196486_TK"),
    ]
    static let emoji = ["👋", "😂", "🔥", "🎉", "🦀", "🌊", "❤️", "👨‍👩‍👧", "🇯🇵"]
    static let openings = [
        "gg", "no way", "that was close", "what a run", "hello everyone", "first time here", "wait what", "ok but",
        "I can't believe that", "my cat just walked over the keyboard", "how long is this boss", "チャット早い",
        "こんばんは", "안녕하세요", "すごい", "größer als gedacht", "olá pessoal", "привет чат", "c'est génial",
        "is this the second try?", "do you stream tomorrow?", "1", "W", "clip it", "the tide is coming in",
        "!uptime", "@quietharbor good morning", "https://example.com/clip/42?a=1&b=2", "5 > 3; 2 < 4 \\o/",
    ]
    static let endings = [
        "", "", "", "", "for real", "lol", "again", "in chat", "today", "after three hours", "草", "ㅋㅋㅋ", "www",
        "as always", "and nobody saw it", "if you know you know", "/ back in a minute", "= 100%", ": )", "<3",
    ]
    static let adjectives = [
        "quiet", "loud", "salty", "rusty", "mossy", "brave", "tiny", "pelagic", "foggy", "golden", "lazy", "swift",
        "amber", "tidal", "lunar", "rowdy", "gentle", "northern", "sunken", "electric",
    ]
    static let nouns = [
        "crab", "otter", "gull", "squid", "anchor", "lagoon", "harbor", "reef", "kelp", "barge", "pearl", "wave",
        "lantern", "mast", "urchin", "sail", "haddock", "buoy", "captain", "deckhand",
    ]
    static let localNames = ["담비", "海の猫", "さくら丸", "灯台守", "波乗り", "小蝦", "바다별", "潮風"]
    static let colours = [
        "", "", "#1E90FF", "#8A2BE2", "#008000", "#B22222", "#FF7F50", "#9ACD32", "#DAA520", "#FF69B4", "#5F9EA0",
        "#00FF7F", "#2E8B57", "#D2691E", "#19E6E6",
    ]
    static let animations = ["simmer", "rainbow-eclipse", "cosmic-abyss"]
    static let notices: [(id: String, text: String)] = [
        ("slow_on", "This room is now in slow mode. You may send messages every 10 seconds."),
        ("slow_off", "This room is no longer in slow mode."),
        ("emote_only_on", "This room is now in emote-only mode."),
        ("emote_only_off", "This room is no longer in emote-only mode."),
        ("subs_on", "This room is now in subscribers-only mode."),
        ("subs_off", "This room is no longer in subscribers-only mode."),
        ("followers_on", "This room is now in 10 minutes followers-only mode."),
        ("followers_off", "This room is no longer in followers-only mode."),
    ]
}
