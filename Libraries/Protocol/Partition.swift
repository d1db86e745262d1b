/// One of the ordered lanes that events are spread over: events of one channel share a partition.
package enum Partition {
    /// How many partitions there are. The count is stored in each journal and announced; a mismatch is fatal.
    package static let count = 32

    /// The partition of a channel: CRC-32 of the lowercase login, modulo `count`.
    package static func of(_ login: some StringProtocol) -> Int {
        Int(CRC32.checksum(login.utf8) % UInt32(count))
    }
}
