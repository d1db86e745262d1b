import EventStore

/// Rows in COPY's text format: the server reads each value as its column's type demands.
struct CopyText {
    private(set) var bytes: [UInt8] = []

    /// Appends a row of values for columns of these types, as `format_type` names them.
    mutating func row(_ values: some Sequence<ArchiveValue>, types: [String]) {
        for (index, (value, type)) in zip(values, types).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            append(value, type)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ value: ArchiveValue, _ type: String) {
        switch (value, type) {
        case (.null, _): bytes.append(contentsOf: "\\N".utf8)
        case (.integer(let number), "boolean"): bytes.append(UInt8(ascii: number == 0 ? "f" : "t"))
        case (.integer(let number), _): bytes.append(contentsOf: String(number).utf8)
        case (.real(let number), _): bytes.append(contentsOf: String(number).utf8)
        case (.text(let text), "timestamp with time zone"): bytes.append(contentsOf: "\(text)+00".utf8)
        case (.text(let text), "bytea"): append(hex: Array(text.utf8))
        case (.text(let text), _): append(text)
        case (.blob(let blob), "bytea"): append(hex: blob)
        case (.blob(let blob), _): append(String(decoding: blob, as: UTF8.self))
        }
    }

    private mutating func append(_ text: String) {
        for byte in (text.hasNUL ? text.replacingNUL : text).utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            default: bytes.append(byte)
            }
        }
    }

    private mutating func append(hex: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\\\x".utf8)
        for byte in hex {
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
}
