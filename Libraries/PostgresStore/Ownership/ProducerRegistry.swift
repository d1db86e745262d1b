import EventStore
import Protocol

/// `bus_producers` as one session knows it: each producer's number, and what is known of it.
struct ProducerRegistry {
    /// What a number stands for.
    private struct Entry {
        var number: Int
        var record: ProducerRecord
    }

    private var entries: [String: Entry] = [:]
    private var readAt: ContinuousClock.Instant?
    private var noted: [String: ContinuousClock.Instant] = [:]
    /// Those that nobody hears, as of the last time that all were read.
    private(set) var unheard: [UnheardProducer] = []

    func number(of producer: String) -> Int? { entries[producer]?.number }

    func producer(_ number: Int) -> String? { entries.first { $0.value.number == number }?.key }

    /// Why a producer must not be followed as it is heard; nil when it may.
    func refusal(of heard: HeardProducer) -> String? { entries[heard.producer]?.record.refusal(of: heard) }

    /// Reads all rows now and then, and at once where a heard producer has none, which it then gets.
    mutating func prepare(
        for heard: [HeardProducer],
        _ connection: borrowing Connection,
        now: Timestamp,
        instant: ContinuousClock.Instant
    ) throws(PostgresError) {
        let isOld = readAt.map { instant - $0 >= ProducerRecord.interval } ?? true
        guard isOld || heard.contains(where: { entries[$0.producer] == nil }) else { return }
        try read(connection)
        readAt = instant
        let new = heard.filter { entries[$0.producer] == nil }.prefix(max(0, ProducerRecord.limit - entries.count))
        guard !new.isEmpty else { return }
        for one in new { try insert(one, connection, now: now) }
        try read(connection)
    }

    /// Notes those that this session is to note, and looks who is heard by nobody.
    mutating func note(
        _ heard: [HeardProducer],
        _ share: HearingShare,
        _ connection: borrowing Connection,
        now: Timestamp,
        instant: ContinuousClock.Instant
    ) throws(PostgresError) {
        for one in heard {
            guard let entry = entries[one.producer], share.isFirst(of: entry.number),
                noted[one.producer].map({ instant - $0 >= ProducerRecord.interval }) ?? true
            else { continue }
            try update(one, connection, now: now)
            entries[one.producer]?.record.heardAt = now
            entries[one.producer]?.record.identity = one.identity
            noted[one.producer] = instant
        }
        let audible = share.heardByAny
        let lost = entries.values.filter { !audible.contains($0.number) }.map(\.record)
        var unheard: [UnheardProducer] = []
        for record in lost.sorted(by: { $0.heardAt > $1.heardAt }).prefix(UnheardProducer.limit) {
            if let known = self.unheard.first(where: { $0.producer == record.producer }), readAt != instant {
                unheard.append(known)
            } else {
                unheard.append(UnheardProducer(record, stored: try Self.offsets(of: record.producer, connection)))
            }
        }
        self.unheard = unheard.sorted { $0.producer < $1.producer }
    }

    static func offsets(
        of producer: String,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [Int: Offset] {
        var parameters = BinaryFields.parameters
        parameters.text(producer)
        let answer = try connection.query(
            "SELECT partition, \"offset\" FROM bus_offsets WHERE producer = $1",
            parameters
        )
        var offsets: [Int: Offset] = [:]
        for row in answer.rows {
            guard let partition = row[0].flatMap({ Int($0) }), let offset = row[1].flatMap({ Int64($0) }) else {
                continue
            }
            offsets[partition] = Offset(rawValue: UInt64(bitPattern: offset))
        }
        return offsets
    }

    private mutating func read(_ connection: borrowing Connection) throws(PostgresError) {
        let rows = try connection.query(
            """
            SELECT number, producer, service, identity, \(Answer.milliseconds("heard_at")), heads FROM bus_producers
            """,
            .parameters
        ).rows
        entries = [:]
        for row in rows {
            guard let number = row[0].flatMap({ Int($0) }), let producer = row[1], let service = row[2],
                let heardAt = Answer.time(row[4])
            else { continue }
            let record = ProducerRecord(
                producer: producer,
                service: service,
                identity: row[3].flatMap { ProducerIdentity($0) } ?? .plain,
                heardAt: heardAt,
                heads: ProducerRecord.heads(in: row[5] ?? "")
            )
            entries[producer] = Entry(number: number, record: record)
        }
    }

    private func insert(
        _ heard: HeardProducer,
        _ connection: borrowing Connection,
        now: Timestamp
    ) throws(PostgresError) {
        try write(
            heard,
            """
            INSERT INTO bus_producers (producer, service, identity, first_heard_at, heard_at, heads)
            VALUES ($1::text, $2::text, $3::text, $4::timestamptz, $4::timestamptz, $5::text)
            ON CONFLICT (producer) DO NOTHING
            """,
            connection,
            now: now
        )
    }

    private func update(
        _ heard: HeardProducer,
        _ connection: borrowing Connection,
        now: Timestamp
    ) throws(PostgresError) {
        try write(
            heard,
            """
            UPDATE bus_producers SET service = $2::text, identity = $3::text, heard_at = $4::timestamptz, heads = $5::text
            WHERE producer = $1::text
            """,
            connection,
            now: now
        )
    }

    private func write(
        _ heard: HeardProducer,
        _ sql: String,
        _ connection: borrowing Connection,
        now: Timestamp
    ) throws(PostgresError) {
        var parameters = BinaryFields.parameters
        parameters.text(heard.producer)
        parameters.text(heard.service)
        parameters.text(heard.identity.description)
        parameters.time(now)
        parameters.text(ProducerRecord.text(of: heard.heads))
        _ = try connection.query(sql, parameters)
    }
}
