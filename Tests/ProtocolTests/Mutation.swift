import TestSupport

/// Damage as transports and hostile peers do it.
enum Mutation {
    static func apply(to bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let syntax: [UInt8] = Array(#"{}[]",:\u0-9.eEtfn "#.utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let other = Int.random(in: 0..<bytes.count, using: &random)
            switch random.next() % 7 {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            case 1: bytes[index] = syntax.randomElement(using: &random) ?? 0
            case 2: bytes.removeSubrange(index...)
            case 3: bytes.removeSubrange(min(index, other)..<max(index, other))
            case 4: bytes.insert(contentsOf: bytes[min(index, other)..<max(index, other)].prefix(64), at: index)
            case 5: bytes.insert(syntax.randomElement(using: &random) ?? 0, at: index)
            default: bytes.swapAt(index, other)
            }
        }
        return bytes
    }
}
