/// CRC-32 as zlib computes it (polynomial 0xEDB88320, reflected), eight bytes a step ("slicing by 8").
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
            state = Self.step(state, byte, Self.tables.span)
        }
    }

    package mutating func update(_ bytes: RawSpan) {
        let tables = Self.tables.span
        var state = self.state
        var index = 0
        while index + 8 <= bytes.byteCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let mixed = UInt64(littleEndian: word) ^ UInt64(state)
            // The first byte has seven more to pass through, the last none.
            state =
                tables[7 << 8 | Int(mixed & 0xFF)] ^ tables[6 << 8 | Int(mixed >> 8 & 0xFF)]
                ^ tables[5 << 8 | Int(mixed >> 16 & 0xFF)] ^ tables[4 << 8 | Int(mixed >> 24 & 0xFF)]
            state ^=
                tables[3 << 8 | Int(mixed >> 32 & 0xFF)] ^ tables[2 << 8 | Int(mixed >> 40 & 0xFF)]
                ^ tables[1 << 8 | Int(mixed >> 48 & 0xFF)] ^ tables[Int(mixed >> 56)]
            index += 8
        }
        while index < bytes.byteCount {
            state = Self.step(state, unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self), tables)
            index += 1
        }
        self.state = state
    }

    private static func step(_ state: UInt32, _ byte: UInt8, _ tables: Span<UInt32>) -> UInt32 {
        tables[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8)
    }

    /// Eight tables of 256, one after the other: table n holds the effect of a byte with n more bytes behind it.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
        }
        for index in 256..<2048 {
            let shorter = tables[index - 256]
            tables.append(tables[Int(shorter & 0xFF)] ^ (shorter >> 8))
        }
        return tables
    }()
}
