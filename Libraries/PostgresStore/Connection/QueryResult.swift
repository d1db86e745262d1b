internal import CPostgreSQL

/// A result of libpq; frees itself.
@safe
struct QueryResult: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQclear(handle)
    }

    var status: ExecStatusType { unsafe PQresultStatus(handle) }

    /// How many rows the statement inserted, changed or returned.
    var changes: Int {
        guard let text = unsafe PQcmdTuples(handle) else { return 0 }
        return Int(unsafe String(cString: text)) ?? 0
    }

    /// Such as `COMMIT`.
    var tag: String {
        guard let text = unsafe PQcmdStatus(handle) else { return "" }
        return unsafe String(cString: text)
    }

    var sqlState: String? { field("C") }

    /// The constraint that was violated.
    var constraint: String? { field("n") }

    /// The server's message without its DETAIL, which quotes values of rows.
    var message: String {
        if let message = field("M") { return message }
        return unsafe Connection.line(PQresultErrorMessage(handle))
    }

    /// Every value as text.
    var rows: [[String?]] {
        let columns = unsafe PQnfields(handle)
        return (0..<(unsafe PQntuples(handle))).map { row in
            (0..<columns).map { column in
                guard unsafe PQgetisnull(handle, row, column) == 0, let text = unsafe PQgetvalue(handle, row, column)
                else { return nil }
                return unsafe String(cString: text)
            }
        }
    }

    private func field(_ name: Unicode.Scalar) -> String? {
        guard let text = unsafe PQresultErrorField(handle, CInt(name.value)) else { return nil }
        let line = unsafe Connection.line(text)
        return line.isEmpty ? nil : line
    }
}

/// What a statement answered.
struct Answer {
    /// Values as the server's text.
    var rows: [[String?]] = []
    var changes = 0
    var tag = ""

    /// The first value of the first row.
    var value: String? { rows.first?.first ?? nil }
}
