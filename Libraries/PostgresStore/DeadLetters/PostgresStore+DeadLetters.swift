package import EventStore
package import Protocol

extension PostgresStore: DeadLetterArchive {
    package func deadLetters(
        after key: DeadLetter.Key?,
        limit: Int
    ) async throws(EventStoreError) -> [StoredDeadLetter] {
        try inSession("dead letters") { session throws(PostgresError) in
            var parameters = BinaryFields.parameters
            parameters.text(key?.producer ?? "")
            parameters.integer(key?.partition ?? -1)
            parameters.offset(key?.offset ?? .zero)
            let answer = try session.connection.query(
                """
                SELECT producer, partition, "offset", reason, encode(frame, 'hex'),
                    (extract(epoch FROM created_at) * 1000)::int8
                FROM dead_letters WHERE (producer COLLATE "C", partition, "offset") > ($1::text, $2::int4, $3::int8)
                ORDER BY producer COLLATE "C", partition, "offset" LIMIT \(limit)
                """,
                parameters
            )
            return answer.rows.compactMap { StoredDeadLetter($0) }
        }
    }

    package func redeem(_ key: DeadLetter.Key, as event: Envelope?) async throws(EventStoreError) -> Bool {
        let batch = StoreBatch(events: event.map { [$0] } ?? [])
        let isRedeemed = try inSession("redeem") { session throws(PostgresError) in
            _ = try BatchTransaction(batch: batch, now: now).write(session)
            var parameters = BinaryFields.parameters
            parameters.text(key.producer)
            parameters.integer(key.partition)
            parameters.offset(key.offset)
            let removed = try session.connection.query(
                """
                DELETE FROM dead_letters WHERE producer = $1::text AND partition = $2::int4 AND "offset" = $3::int8
                """,
                parameters
            )
            if removed.changes == 1 { return true }
            try session.connection.run("ROLLBACK")
            return false
        }
        if isRedeemed { try commitTransaction() }
        return isRedeemed
    }
}

extension StoredDeadLetter {
    /// A row as the server's text; nil for one that cannot be one of ours.
    fileprivate init?(_ row: [String?]) {
        let values = row.compactMap(\.self)
        guard values.count == 6, let partition = Int(values[1]), let offset = Int64(values[2]),
            let frame = [UInt8](hexadecimal: values[4]), let createdAt = Int64(values[5])
        else { return nil }
        self.init(
            letter: DeadLetter(
                producer: values[0],
                partition: partition,
                offset: Offset(rawValue: UInt64(bitPattern: offset)),
                reason: values[3],
                frame: frame
            ),
            createdAt: Timestamp(rawValue: createdAt)
        )
    }
}

extension [UInt8] {
    fileprivate init?(hexadecimal text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        guard high == nil else { return nil }
        self = bytes
    }
}
