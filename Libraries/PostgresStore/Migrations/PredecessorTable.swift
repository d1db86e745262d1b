/// A table whose name and columns the predecessor fixed, with what we add behind its columns.
///
/// Differences that its users' queries do not see: texts have no limit of length, times know their zone, `stream_id`
/// may be NULL, and natural keys are unique. Rows that it wrote have no `received_at`; the keys leave them alone.
struct PredecessorTable: Sendable {
    /// A column's name, type, and what follows.
    struct Column: Sendable {
        var name: String
        var type: String
        var suffix = ""

        init(_ name: String, _ type: String = "text", _ suffix: String = "") {
            self.name = name
            self.type = type
            self.suffix = suffix
        }

        var definition: String { "\(name) \(type) \(suffix)" }
    }

    let name: String
    let columns: [Column]
    /// The columns that the predecessor required and we do not.
    var optional: [String] = []
    /// Range-partitioned by month of this column, which the natural key includes.
    var partitionColumn: String?
    /// The natural key, once each row is in its table.
    let indexes: String

    /// Creates the table, or makes the predecessor's ours with all its rows.
    func adopt(_ connection: borrowing Connection) throws(PostgresError) {
        guard try connection.run("SELECT to_regclass('\(name)')").value != nil else { return try create(connection) }
        try convert(connection)
        if let partitionColumn {
            try partition(by: partitionColumn, connection)
        } else {
            try connection.run(indexes, within: nil)
        }
    }

    private func create(_ connection: borrowing Connection) throws(PostgresError) {
        let definitions = columns.map(\.definition).joined(separator: ", ")
        guard let partitionColumn else {
            try connection.run("CREATE TABLE \(name) (\(definitions)); \(indexes)")
            return
        }
        try connection.run(
            """
            CREATE TABLE \(name) (\(definitions)) PARTITION BY RANGE (\(partitionColumn));
            CREATE TABLE \(name)_other PARTITION OF \(name) DEFAULT;
            \(indexes)
            """
        )
    }

    /// Changes the types in place. From `varchar(n)` to `text`, and in UTC from `timestamp` to `timestamptz`, the rows
    /// stay as they are on disk.
    private func convert(_ connection: borrowing Connection) throws(PostgresError) {
        let found = try connection.run(
            """
            SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = '\(name)'::regclass AND attnum > 0 AND NOT attisdropped
            """
        )
        var types: [String: String] = [:]
        for row in found.rows {
            if let column = row[0], let type = row[1] { types[column] = type }
        }
        let old = try connection.run(
            """
            SELECT quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = '\(name)'::regclass
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
            """
        )
        for row in old.rows {
            // Those that a person has added stay.
            if let index = row[0], indexes.contains(" \(index) ") || indexes.contains(" \(index)\n") {
                try connection.run("DROP INDEX \(index)")
            }
        }
        var changes = optional.map { "ALTER COLUMN \($0) DROP NOT NULL" }
        for column in columns {
            let type = column.plainType
            switch types[column.name] {
            case nil: changes.append("ADD COLUMN \(column.definition)")
            case "timestamp without time zone" where type == "timestamp with time zone",
                "character varying" where type == "text", "integer" where type == "bigint":
                changes.append("ALTER COLUMN \(column.name) TYPE \(type)")
            default: break
            }
        }
        try connection.run("SET LOCAL TimeZone = 'UTC'")
        try connection.run("ALTER TABLE \(name) \(changes.joined(separator: ", "))", within: nil)
        if let sequence = try connection.run("SELECT pg_get_serial_sequence('\(name)', '\(columns[0].name)')").value {
            try connection.run("ALTER SEQUENCE \(sequence) AS bigint")
        }
    }

    /// Makes the converted table the first partition of ours: everything up to the month after its newest row.
    private func partition(by column: String, _ connection: borrowing Connection) throws(PostgresError) {
        let old = "\(name)_predecessor"
        // Its primary key, the id alone, would keep a room from having another room's message.
        let constraints = try connection.run(
            "SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = '\(name)'::regclass AND contype IN ('p', 'u')"
        )
        for row in constraints.rows {
            if let constraint = row[0] { try connection.run("ALTER TABLE \(name) DROP CONSTRAINT \(constraint)") }
        }
        try connection.run(
            """
            ALTER TABLE \(name) RENAME TO \(old);
            UPDATE \(old) SET \(column) = coalesce(created_at, 'epoch') WHERE \(column) IS NULL;
            ALTER TABLE \(old) ALTER COLUMN \(column) SET NOT NULL;
            """,
            within: nil
        )
        try create(connection)
        let end = try connection.run(
            """
            SELECT quote_literal(date_trunc('month', coalesce(max(\(column)), now()) + interval '1 month')::text)
            FROM \(old)
            """,
            within: nil
        )
        guard let end = end.value else { return }
        try connection.run(
            "ALTER TABLE \(name) ATTACH PARTITION \(old) FOR VALUES FROM (MINVALUE) TO (\(end))",
            within: nil
        )
    }
}

extension PredecessorTable.Column {
    /// As `format_type` names it; a serial or identity is a number.
    fileprivate var plainType: String {
        switch type {
        case "timestamptz": "timestamp with time zone"
        default: type
        }
    }
}
