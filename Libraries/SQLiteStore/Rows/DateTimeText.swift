import Protocol

extension Timestamp {
    /// `YYYY-MM-DD HH:MM:SS.ffffff` in UTC: the form in which the predecessor's tables keep a DATETIME.
    var dateTimeText: String {
        var text = Array(description.utf8)
        text[10] = UInt8(ascii: " ")
        text[text.count - 1] = UInt8(ascii: "0")
        text.append(UInt8(ascii: "0"))
        text.append(UInt8(ascii: "0"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads that form, cutting microseconds to milliseconds; nil for anything else.
    init?(dateTimeText text: String) {
        var text = Array(text.utf8)
        guard text.count >= 19, text[10] == UInt8(ascii: " ") else { return nil }
        text[10] = UInt8(ascii: "T")
        text.append(UInt8(ascii: "Z"))
        self.init(String(decoding: text, as: UTF8.self))
    }
}
