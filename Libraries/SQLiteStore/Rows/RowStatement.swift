import EventStore
import FoundationEssentials
import GRDB
import Protocol

/// A prepared statement whose parameters are bound one after the other, then run.
///
/// Binds straight to SQLite's statement: GRDB's argument arrays cost more per row than SQLite's own work.
@safe
struct RowStatement {
    private let database: Database
    private let statement: Statement
    private var index: CInt = 0

    /// `sql` is prepared once per connection and kept by it.
    init(_ sql: String, in database: Database) throws {
        self.database = database
        self.statement = try database.cachedStatement(sql: sql)
    }

    /// Forgets the previous row; what is not bound from here on is NULL.
    mutating func begin() {
        statement.setUncheckedArguments(StatementArguments())
        index = 0
    }

    /// Runs the statement and tells how many rows it changed.
    func run() throws -> Int {
        try statement.execute()
        return database.changesCount
    }

    mutating func null() {
        index += 1
    }

    /// Leaves the next `count` parameters NULL.
    mutating func skip(_ count: CInt) {
        index += count
    }

    /// NUL, which text of other engines cannot hold and which would end a C string, becomes U+FFFD.
    mutating func text(_ value: String) throws {
        index += 1
        let value = value.hasNUL ? value.replacingNUL : value
        try check(unsafe value.bind(to: statement.sqliteStatement, at: index))
    }

    mutating func text(_ value: String?) throws {
        guard let value else { return null() }
        try text(value)
    }

    mutating func integer(_ value: some BinaryInteger) throws {
        index += 1
        try check(unsafe Int64(clamping: value).bind(to: statement.sqliteStatement, at: index))
    }

    mutating func integer(_ value: Int?) throws {
        guard let value else { return null() }
        try integer(value)
    }

    mutating func boolean(_ value: Bool) throws {
        try integer(value ? 1 : 0)
    }

    mutating func boolean(_ value: Bool?) throws {
        guard let value else { return null() }
        try boolean(value)
    }

    mutating func time(_ value: Timestamp) throws {
        index += 1
        try check(unsafe value.dateTimeText.bind(to: statement.sqliteStatement, at: index))
    }

    mutating func time(_ value: Timestamp?) throws {
        guard let value else { return null() }
        try time(value)
    }

    mutating func offset(_ value: Offset) throws {
        index += 1
        try check(unsafe Int64(bitPattern: value.rawValue).bind(to: statement.sqliteStatement, at: index))
    }

    mutating func blob(_ value: [UInt8]) throws {
        index += 1
        try check(unsafe Data(value).bind(to: statement.sqliteStatement, at: index))
    }

    /// A line as its two columns, `raw` and `raw_base64`.
    mutating func raw(_ line: String?, base64: String?) throws {
        let line = RawLine(line, base64: base64)
        try text(line.text)
        try text(line.base64)
    }

    private func check(_ code: CInt) throws {
        guard code == 0 else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "parameter \(index) was not taken")
        }
    }
}
