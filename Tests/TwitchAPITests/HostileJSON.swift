/// What a server may put where a number, a text or a list belongs: texts of JSON, most of them valid.
enum HostileJSON {
    static let values: [String] = [
        "null", "0", "-1", "1", "0.5", "3600.5", "-0.0", "1e3", "1e30", "1e308", "1e400", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "9223372036854775", "123456789012345678901234567890", "true",
        "[]",
        "{}", "[null]", "[1,\"a\",[]]", #"{"a":{"b":null}}"#, #""""#, #"" ""#, #""NaN""#, #""-1""#, #""14400""#,
        #""99999999999999999999""#, #""\u0000""#, #""a\r\nJOIN #x""#, #""\ud800""#, #""😀\u2028""#,
        #""it's a #\"quote\"""#,
        "\"\(String(repeating: "x", count: 40_000))\"",
        String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
    ]

    /// What is no JSON at all, or not all of it.
    static let texts: [String] = [
        "", " ", "NaN", "null", "[]", "0", "\"text\"", "{", "{\"", #"{"access_token":"#,
        "<!doctype html><h1>Welcome</h1>",
        "{}garbage", "\u{FEFF}{}", String(repeating: "[", count: 20_000), String(repeating: #"{"a":"#, count: 5_000),
    ]

    /// An object in which one member is something else, twice something else, or missing.
    static func variants(of members: [(name: String, json: String)]) -> [(name: String, json: String)] {
        members.flatMap { member in
            let others = members.filter { $0.name != member.name }.map { "\"\($0.name)\":\($0.json)" }
            let own = values.flatMap { value in
                [
                    ["\"\(member.name)\":\(value)"], ["\"\(member.name)\":\(value)", "\"\(member.name)\":\(value)"],
                ]
            }
            return (own + [[]]).map { (member.name, "{" + ($0 + others).joined(separator: ",") + "}") }
        }
    }
}
