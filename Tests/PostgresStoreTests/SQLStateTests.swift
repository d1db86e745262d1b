import EventStore
import Testing

@testable import PostgresStore

@Suite struct SQLStateTests {
    @Test(arguments: [
        // Values, constraints, checks of views, long index entries, triggers that raise.
        ("22001", EventStoreError.Code.refused), ("22008", .refused), ("22021", .refused), ("22P02", .refused),
        ("23502", .refused), ("23505", .refused), ("23503", .refused), ("44000", .refused), ("54000", .refused),
        ("P0001", .refused),
        // Tables, columns, functions, prepared statements, types, the server's own defects.
        ("42P01", .schema), ("42703", .schema), ("42883", .schema), ("42804", .schema), ("42P10", .schema),
        ("22P03", .schema), ("22P04", .schema), ("0A000", .schema), ("26000", .schema), ("2F005", .schema),
        ("38000", .schema), ("39P01", .schema), ("P0002", .schema), ("XX000", .schema), ("55000", .schema),
        ("54001", .schema), ("99999", .schema),
        ("53200", .unavailable), ("53300", .unavailable), ("57014", .unavailable), ("57P03", .unavailable),
        ("58030", .unavailable), ("53100", .diskFull), ("25006", .readOnly), ("42501", .accessDenied),
        ("28P01", .accessDenied), ("28000", .accessDenied), ("0P000", .accessDenied), ("40001", .locked),
        ("40P01", .locked), ("55P03", .locked), ("3D000", .noDatabase), ("XX001", .corrupt),
    ])
    func `only what one row can cause is one row's fault`(_ state: String, _ code: EventStoreError.Code) {
        #expect(SQLState.code(of: state, constraint: nil, isBroken: false) == code)
    }

    @Test func `a check has a name, a missing partition has none`() {
        #expect(SQLState.code(of: "23514", constraint: "no_links", isBroken: false) == .refused)
        #expect(SQLState.code(of: "23514", constraint: nil, isBroken: false) == .schema)
    }

    @Test func `what ends the connection is no verdict on a row`() {
        #expect(SQLState.code(of: "57P01", isBroken: true) == .unreachable)
        #expect(SQLState.code(of: "XX000", isBroken: true) == .unreachable)
    }
}
