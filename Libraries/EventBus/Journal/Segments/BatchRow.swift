import Protocol

/// One event as a view into its row.
struct BatchRecord: Hashable {
    var partition: Int
    var offset: Offset
    var previous: Offset
    var frame: ArraySlice<UInt8>

    var event: JournalEvent {
        let newline = frame.firstIndex(of: UInt8(ascii: "\n")) ?? frame.startIndex - 1
        return JournalEvent(
            partition: partition,
            offset: offset,
            previous: previous,
            frame: Array(frame),
            jsonStart: newline + 1 - frame.startIndex
        )
    }
}

/// What one commit wrote: the events of a batch in one row.
///
/// `records` is little-endian: the partition mask again (64 bits), then for each event the length of its frame (32), its
/// partition (8), its offset (64), the previous offset (64) and the frame.
struct BatchRow: Hashable {
    var first: Offset
    var last: Offset
    /// Bit p is set when there is an event of partition p.
    var partitions: UInt64
    var count: Int
    var acceptedAt: Timestamp
    var crc: UInt32
    var records: [UInt8]

    static let maskBytes = 8
    static let headerBytes = 21

    /// A row for `events`: at least one, in offset order.
    init(_ events: [JournalEvent], first: Offset, last: Offset, acceptedAt: Timestamp) {
        self.first = first
        self.last = last
        self.count = events.count
        self.acceptedAt = acceptedAt
        partitions = events.reduce(0) { $0 | 1 << UInt64($1.partition) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.reduce(Self.maskBytes) { $0 + $1.frame.count + Self.headerBytes })
        bytes.appendLittleEndian(partitions)
        for event in events {
            bytes.appendLittleEndian(UInt32(event.frame.count))
            bytes.append(UInt8(event.partition))
            bytes.appendLittleEndian(event.offset.rawValue)
            bytes.appendLittleEndian(event.previous.rawValue)
            bytes += event.frame
        }
        records = bytes
        crc = 0
        crc = checksum
    }

    /// A row as it was read, whole or not.
    init(
        first: Offset,
        last: Offset,
        partitions: UInt64,
        count: Int,
        acceptedAt: Timestamp,
        crc: UInt32,
        records: [UInt8]
    ) {
        self.first = first
        self.last = last
        self.partitions = partitions
        self.count = count
        self.acceptedAt = acceptedAt
        self.crc = crc
        self.records = records
    }

    /// Whether the partition mask can be believed even where the row is damaged: both copies agree.
    var hasTrustworthyMask: Bool { records.littleEndian(UInt64.self, at: 0) == partitions }

    /// The records; nil when the row is damaged.
    var intactRecords: [BatchRecord]? {
        guard checksum == crc, hasTrustworthyMask else { return nil }
        var found: [BatchRecord] = []
        found.reserveCapacity(count)
        var at = Self.maskBytes
        while at < records.count {
            guard let length = records.littleEndian(UInt32.self, at: at),
                let offset = records.littleEndian(UInt64.self, at: at + 5),
                let previous = records.littleEndian(UInt64.self, at: at + 13),
                at + Self.headerBytes + Int(length) <= records.count
            else { return nil }
            let start = at + Self.headerBytes
            found.append(
                BatchRecord(
                    partition: Int(records[at + 4]),
                    offset: Offset(rawValue: offset),
                    previous: Offset(rawValue: previous),
                    frame: records[start..<start + Int(length)]
                )
            )
            at = start + Int(length)
        }
        return found.count == count ? found : nil
    }

    private var checksum: UInt32 {
        var head: [UInt8] = []
        for number in [
            first.rawValue, last.rawValue, partitions, UInt64(truncatingIfNeeded: count),
            UInt64(bitPattern: acceptedAt.rawValue),
        ] {
            head.appendLittleEndian(number)
        }
        var crc = CRC32()
        crc.update(head)
        crc.update(records)
        return crc.value
    }
}

extension [UInt8] {
    mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    /// The number at an index; nil when the bytes end before it does.
    func littleEndian<Number: FixedWidthInteger>(_: Number.Type, at index: Int) -> Number? {
        guard index >= 0, index + Number.bitWidth / 8 <= count else { return nil }
        var number: Number = 0
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            number |= Number(self[index + shift / 8]) << Number(shift)
        }
        return number
    }
}
