import Protocol
import TestSupport
import Testing

@Suite struct CRC32Tests {
    /// The definition, a bit at a time.
    private func reference(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
        }
    }

    @Test(
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)]
    )
    func `has zlib's values`(text: String, value: UInt32) {
        #expect(CRC32.checksum(text.utf8) == value)
    }

    @Test func `equals the definition for random bytes, cut anywhere`() {
        var random = SeededGenerator(seed: 2)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let cut = Int.random(in: 0...length, using: &random)
            var crc = CRC32()
            crc.update(bytes[..<cut])
            let rest = Array(bytes[cut...])
            crc.update(rest.span.bytes)
            #expect(crc.value == reference(bytes))
            #expect(CRC32.checksum(AnySequence(bytes)) == reference(bytes))
        }
    }

    @Test func `gives the partition that any tap can compute`() {
        // python3 -c 'import zlib; print(zlib.crc32(b"quietharbor") % 32)'
        #expect(Partition.of("quietharbor") == 16)
        #expect((0..<1000).allSatisfy { (0..<Partition.count).contains(Partition.of("channel\($0)")) })
    }
}
