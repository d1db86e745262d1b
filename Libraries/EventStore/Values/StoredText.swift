import FoundationEssentials
import Glibc
import Protocol

extension String {
    /// Whether a C string would end early.
    package var hasNUL: Bool {
        unsafe utf8.withContiguousStorageIfAvailable { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, 0, bytes.count) != nil
        } ?? utf8.contains(0)
    }

    /// The same text with U+FFFD for each NUL.
    package var replacingNUL: String {
        String(String.UnicodeScalarView(unicodeScalars.lazy.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// As a text column can hold it.
    package var storable: String { hasNUL ? replacingNUL : self }
}

extension [Badge] {
    /// The IRC tag's own form, which the predecessor's queries expect: `subscriber/12,premium/1`. Nil when there is none.
    package var badgesText: String? {
        guard let first else { return nil }
        var text = first.setID + "/" + first.id
        for badge in dropFirst() {
            text += "," + badge.setID + "/" + badge.id
        }
        return text
    }

    /// What `badge-info` told, in the tag's form: `subscriber/14`. Nil when it told nothing.
    package var badgeInfoText: String? {
        let texts = lazy.filter { !$0.info.isEmpty }.map { $0.setID + "/" + $0.info }
        return texts.isEmpty ? nil : texts.joined(separator: ",")
    }
}

extension [EmoteRange] {
    /// A JSON array of `{"id","begin","end"}` in Unicode scalars, `end` one past the last. Nil when there is none.
    package var emotesJSON: String? {
        guard !isEmpty else { return nil }
        guard allSatisfy({ $0.id.utf8.allSatisfy(\.needsNoEscape) }) else {
            return try? String(decoding: JSONEncoder().encode(self), as: UTF8.self)
        }
        var json = "["
        for emote in self {
            json += json.utf8.count == 1 ? "" : ","
            json += "{\"id\":\"\(emote.id)\",\"begin\":\(emote.begin),\"end\":\(emote.end)}"
        }
        return json + "]"
    }
}

extension UInt8 {
    /// Every emote id that Twitch makes is of such bytes; others are left to `JSONEncoder`.
    fileprivate var needsNoEscape: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension [String] {
    /// A JSON array. Nil when there is nothing.
    package var jsonText: String? {
        guard !isEmpty else { return nil }
        return try? String(decoding: JSONEncoder().encode(self), as: UTF8.self)
    }
}

/// A line as two columns: text as good as text can be, and its bytes where text cannot hold them.
package struct RawLine {
    package var text: String?
    package var base64: String?

    package init(_ raw: String?, base64: String?) {
        self.text = raw
        self.base64 = base64
        if base64 == nil, let raw, raw.hasNUL {
            self.base64 = Data(raw.utf8).base64EncodedString()
        }
    }
}
