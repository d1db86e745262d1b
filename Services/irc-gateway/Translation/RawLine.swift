import Foundation

/// A line as events carry it.
struct RawLine: Hashable, Sendable {
    /// The line; U+FFFD stands where it is not UTF-8.
    var text: String
    /// The line's bytes, only when `text` is not all of them.
    var base64: String?

    init(_ bytes: ArraySlice<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.text = text
        } else {
            text = String(decoding: bytes, as: UTF8.self)
            base64 = Data(bytes).base64EncodedString()
        }
    }
}
