import EventStore

/// What a SQLSTATE means for the caller: a decision without I/O.
enum SQLState {
    /// Ours, in the form of theirs: the server as such cannot hold an archive.
    static let unusable = "TC001"
    /// Ours as well: what writing needs is not allowed.
    static let rights = "TC002"

    /// `constraint`: which one was violated. `isBroken`: the connection is of no more use.
    static func code(of state: String, constraint: String? = nil, isBroken: Bool) -> EventStoreError.Code {
        if let code = single[state] { return code }
        // A check without a name: the table has no partition for the row, although one of ours takes everything.
        if state == "23514", constraint == nil { return .schema }
        if isRowPossible(state) { return .refused }
        switch state.prefix(2) {
        case "28", "0P": return .accessDenied
        // Connections, resources, shutting down and starting up, the system's own errors.
        case "08", "53", "57", "58": return isBroken ? .unreachable : .unavailable
        // Tables that are gone or altered, functions, privileges of triggers, the server's own defects.
        default: return isBroken ? .unreachable : .schema
        }
    }

    private static let single: [String: EventStoreError.Code] = [
        "55P03": .locked, "40P01": .locked, "40001": .locked, "55006": .locked,
        "53100": .diskFull, "25006": .readOnly, "42501": .accessDenied,
        "3D000": .noDatabase, "3F000": .incompatible, unusable: .incompatible, rights: .accessDenied,
        // Wrong files: no data of ours makes them.
        "XX001": .corrupt, "XX002": .corrupt,
        // A statement took too long, or somebody cancelled it.
        "57014": .unavailable,
    ]

    /// Whether what one row holds can be the cause: its values, a constraint, a view's check, an index entry that is too
    /// long, a trigger that raises. Whether it really is, only a row of which nothing is wrong can tell.
    private static func isRowPossible(_ state: String) -> Bool {
        switch state {
        // The binary form of a value depends on its column alone: somebody has altered the column's type.
        case "22P03", "22P04": false
        case "54000", "P0001", "P0004": true
        default: ["22", "23", "44"].contains(state.prefix(2))
        }
    }
}
