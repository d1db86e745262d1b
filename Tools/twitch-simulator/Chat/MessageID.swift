/// A UUID that tells what was said where: `rrrrrrrr-cccc-4ccc-8ccc-nnnnnnnnnnnn`, where r is the run, c the channel
/// and n the room's sequence number from 1, all in hexadecimal.
enum MessageID {
    /// The first 24 characters: run and channel.
    static func prefix(runID: UInt32, login: String) -> String {
        let channel = self.hex(Hash.fnv1a(login) & 0xff_ffff_ffff, digits: 10)
        let digits = Array(channel)
        return self.hex(UInt64(runID), digits: 8) + "-" + String(digits[0..<4]) + "-4" + String(digits[4..<7]) + "-8"
            + String(digits[7..<10]) + "-"
    }

    static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Appends the 12 digits of a sequence number.
    static func append(_ sequence: Int64, to line: inout [UInt8]) {
        for shift in stride(from: 44, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: sequence >> Int64(shift)) & 15
            line.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
