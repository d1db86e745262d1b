import GRDB

/// One step of the schema. Once released, a step never changes and keeps its place; new ones are appended.
struct Migration: Sendable {
    let name: String
    let apply: @Sendable (Database) throws -> Void

    /// Every step, oldest first.
    static let all = [
        Migration(name: "0001-tables") { database in
            try PredecessorTables.adopt(database)
            try database.execute(sql: ServiceTables.sql)
        },
        Migration(name: "0002-streams") { database in
            try database.execute(sql: StreamTables.sql)
        },
        Migration(name: "0003-backfill") { database in
            try database.execute(sql: BackfillTables.sql)
        },
        Migration(name: "0004-copies") { database in
            try database.execute(sql: CopyColumns.sql)
        },
        Migration(name: "0005-producers") { database in
            try database.execute(sql: ProducerTables.sql)
        },
    ]
}
