/// `application/x-www-form-urlencoded`: what `id.twitch.tv` takes, and the query of the authorize page.
struct FormBody {
    private(set) var text = ""

    init(_ fields: KeyValuePairs<String, String>) {
        for (name, value) in fields { self.append(name, value) }
    }

    mutating func append(_ name: String, _ value: String) {
        if !self.text.isEmpty { self.text += "&" }
        self.text += Self.encoded(name) + "=" + Self.encoded(value)
    }

    /// Percent-encodes everything but unreserved characters (RFC 3986), a space included: `%20` is read everywhere.
    private static func encoded(_ value: String) -> String {
        var result = ""
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
