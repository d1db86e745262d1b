/// CRC-32 as zlib computes it (polynomial 0xEDB88320, reflected), eight bytes a step.
///
/// It decides partitions, so that any tap can compute them, and guards journal rows.
package struct CRC32: Sendable {
    private var state: UInt32 = 0xFFFF_FFFF

    package init() {}

    /// The checksum of everything updated so far.
    package var value: UInt32 { ~state }

    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = CRC32()
        crc.update(bytes)
        return crc.value
    }

    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe update(buffer.span.bytes)
        }
        guard done == nil else { return }
        for byte in bytes {
            state = Self.tables[0][Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8)
        }
    }

    package mutating func update(_ bytes: RawSpan) {
        var state = self.state
        var index = 0
        while index < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            state = Self.tables[0][Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8)
            index += 1
        }
        self.state = state
    }

    private static let tables: [[UInt32]] = [
        (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
        }
    ]
}
