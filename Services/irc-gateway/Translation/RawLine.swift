import Foundation

/// A line as events carry it.
struct RawLine: Hashable, Sendable {
    /// The line; U+FFFD stands where it is not UTF-8.
    var text: String
    /// The line's bytes, only when `text` is not all of them.
    var base64: String?

    /// How many bytes of a shortened line `text` keeps.
    static let shortLength = 512

    /// The line for an event that would be too large with all of `text`, where JSON writes six bytes for some: the
    /// beginning of it, and everything in `base64`, which costs four bytes for three whatever they are.
    init(shortened bytes: ArraySlice<UInt8>) {
        text = String(decoding: bytes.prefix(Self.shortLength), as: UTF8.self)
        base64 = Data(bytes).base64EncodedString()
    }

    init(_ bytes: ArraySlice<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.text = text
        } else {
            text = String(decoding: bytes, as: UTF8.self)
            base64 = Data(bytes).base64EncodedString()
        }
    }
}
