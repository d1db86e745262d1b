import Foundation

/// `application/x-www-form-urlencoded` fields: a form's body, or a URL's query.
struct FormFields: Sendable {
    private let fields: [(name: String, value: String)]

    init(_ encoded: String) {
        self.fields = encoded.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decode(parts[0]), parts.count > 1 ? Self.decode(parts[1]) : "")
        }
    }

    /// The first value of a name; an empty one counts as missing.
    subscript(name: String) -> String? {
        self.fields.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Every value of a repeated name, in order.
    func all(_ name: String) -> [String] { self.fields.filter { $0.name == name }.map(\.value) }

    /// How often each name occurs.
    var counts: [String: Int] { Dictionary(self.fields.map { ($0.name, 1) }, uniquingKeysWith: +) }

    /// A value as it stands in a form or query: a space is `+`.
    static func encode(_ value: String) -> String {
        value.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: " "): result += "+"
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    private static func decode(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}
