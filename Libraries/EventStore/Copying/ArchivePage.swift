/// A value of an archive's row as its engine keeps it.
package enum ArchiveValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// Some rows of one table on their way from one archive to another.
package struct ArchivePage: Sendable {
    package var table: String
    package var columns: [String]
    package var rows: [[ArchiveValue]]
    /// The place behind the last row: ask for the next page with it.
    package var place: Int64

    package init(table: String, columns: [String], rows: [[ArchiveValue]], place: Int64) {
        self.table = table
        self.columns = columns
        self.rows = rows
        self.place = place
    }
}
