internal import CPostgreSQL
import Glibc

/// One libpq connection. It belongs to one thread at a time, waits no longer than it is told to, and closes itself.
///
/// libpq runs non-blocking below `poll`: a server that is stopped, or a network that swallows everything, ends in an error.
@safe
struct Connection: ~Copyable {
    /// How long the server may be silent: longer than its own `statement_timeout`.
    static let patience: Duration = .seconds(35)

    private let handle: OpaquePointer

    /// Connects; tries each host of a list within its own `connect_timeout`.
    init(_ address: PostgresAddress, application: String) throws(PostgresError) {
        let keywords = address.keywords(application: application)
        let found = unsafe Self.withCStrings(keywords.map(\.name)) { names in
            unsafe Self.withCStrings(keywords.map(\.value)) { values in
                unsafe PQconnectdbParams(names, values, 1)
            }
        }
        guard let handle = unsafe found else { throw .broken("out of memory") }
        unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let error = unsafe Self.refusal(handle)
            unsafe PQfinish(handle)
            throw error
        }
        unsafe PQsetnonblocking(handle, 1)
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Such as 150008.
    var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }

    /// The server process as told when connecting. A pooler tells another than the server's own.
    var announcedPID: Int { Int(unsafe PQbackendPID(handle)) }

    var isBroken: Bool { unsafe PQstatus(handle) != CONNECTION_OK }

    // MARK: Statements

    /// Runs one or more statements that have no parameters.
    @discardableResult
    borrowing func run(_ sql: String, within patience: Duration? = Self.patience) throws(PostgresError) -> Answer {
        try sent(unsafe PQsendQuery(handle, sql))
        return try answer(until: deadline(patience))
    }

    /// Prepares a statement under a name, for this connection.
    borrowing func prepare(_ name: String, _ sql: String) throws(PostgresError) {
        try sent(unsafe PQsendPrepare(handle, name, sql, 0, nil))
        _ = try answer(until: deadline(Self.patience))
    }

    /// Runs a statement with parameters in binary form.
    borrowing func query(
        _ sql: String,
        _ parameters: BinaryFields,
        within patience: Duration? = Self.patience
    ) throws(PostgresError) -> Answer {
        try sent(
            unsafe Self.withParameters(parameters) { count, values, lengths, formats in
                unsafe PQsendQueryParams(handle, sql, count, nil, values, lengths, formats, 0)
            }
        )
        return try answer(until: deadline(patience))
    }

    /// Runs a prepared statement.
    borrowing func execute(_ name: String, _ parameters: BinaryFields = .parameters) throws(PostgresError) -> Answer {
        try sent(send(name, parameters))
        return try answer(until: deadline(Self.patience))
    }

    /// Runs prepared statements one after the other without waiting in between, and tells how many rows each changed.
    borrowing func execute(_ calls: [(name: String, parameters: BinaryFields)]) throws(PostgresError) -> [Int] {
        guard !calls.isEmpty else { return [] }
        guard unsafe PQenterPipelineMode(handle) == 1 else { throw broken() }
        let deadline = deadline(Self.patience)
        for (index, call) in calls.enumerated() {
            try sent(send(call.name, call.parameters))
            // What the server answers is read meanwhile, or both sides would wait for each other.
            if index % 64 == 63 { try flush(until: deadline) }
        }
        try sent(unsafe PQpipelineSync(handle))
        var changes: [Int] = []
        var failure: PostgresError?
        pipeline: while true {
            guard let result = try nextResult(until: deadline) else {
                // A statement's end; of a broken connection there is nothing else.
                if isBroken { throw failure ?? broken() }
                continue
            }
            switch result.status {
            case PGRES_PIPELINE_SYNC: break pipeline
            case PGRES_PIPELINE_ABORTED: break
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: failure = failure ?? error(of: result)
            default: changes.append(result.changes)
            }
        }
        guard unsafe PQexitPipelineMode(handle) == 1 else { throw broken() }
        if let failure { throw failure }
        return changes
    }

    /// `COPY … FROM STDIN`: what `putCopy` sends from here on, until `endCopy`.
    borrowing func beginCopy(_ sql: String) throws(PostgresError) {
        let deadline = deadline(Self.patience)
        try sent(unsafe PQsendQuery(handle, sql))
        guard let begun = try nextResult(until: deadline) else { throw broken() }
        guard begun.status == PGRES_COPY_IN else {
            let error = error(of: begun)
            _ = try? answer(until: deadline)
            throw error
        }
    }

    /// Sends a piece of it while the server works on the pieces before.
    borrowing func putCopy(_ bytes: borrowing [UInt8], _ range: Range<Int>) throws(PostgresError) {
        let deadline = deadline(Self.patience)
        while true {
            let code = unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe buffer.extracting(range).withMemoryRebound(to: CChar.self) { piece in
                    unsafe PQputCopyData(handle, piece.baseAddress, CInt(piece.count))
                }
            }
            if code == 1 { return }
            guard code == 0 else { throw broken() }
            try wait(toWrite: true, until: deadline)
        }
    }

    /// Ends it, and tells how many rows there were.
    borrowing func endCopy() throws(PostgresError) -> Int {
        let deadline = deadline(Self.patience)
        while true {
            let code = unsafe PQputCopyEnd(handle, nil)
            if code == 1 { break }
            guard code == 0 else { throw broken() }
            try wait(toWrite: true, until: deadline)
        }
        return try answer(until: deadline).changes
    }

    private borrowing func send(_ name: String, _ parameters: BinaryFields) -> CInt {
        unsafe Self.withParameters(parameters) { count, values, lengths, formats in
            unsafe PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
        }
    }

    private borrowing func sent(_ code: CInt) throws(PostgresError) {
        guard code == 1 else { throw broken() }
    }

    // MARK: Answers

    /// Reads all results of what was sent; throws the first error among them.
    private borrowing func answer(until deadline: ContinuousClock.Instant?) throws(PostgresError) -> Answer {
        var answer = Answer()
        var failure: PostgresError?
        while let result = try nextResult(until: deadline) {
            switch result.status {
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: failure = failure ?? error(of: result)
            case PGRES_TUPLES_OK: answer = Answer(rows: result.rows, changes: result.changes, tag: result.tag)
            default: answer = Answer(rows: [], changes: result.changes, tag: result.tag)
            }
        }
        if let failure { throw failure }
        if isBroken { throw broken() }
        return answer
    }

    private borrowing func nextResult(until deadline: ContinuousClock.Instant?) throws(PostgresError) -> QueryResult? {
        try flush(until: deadline)
        while unsafe PQisBusy(handle) == 1 {
            try wait(toWrite: false, until: deadline)
        }
        return unsafe PQgetResult(handle).map { unsafe QueryResult($0) }
    }

    private borrowing func flush(until deadline: ContinuousClock.Instant?) throws(PostgresError) {
        while true {
            let code = unsafe PQflush(handle)
            if code == 0 { return }
            guard code == 1 else { throw broken() }
            try wait(toWrite: true, until: deadline)
        }
    }

    /// Waits for the socket, and takes in what has come.
    private borrowing func wait(
        toWrite: Bool,
        until deadline: ContinuousClock.Instant?
    ) throws(PostgresError) {
        var place = pollfd(fd: unsafe PQsocket(handle), events: Int16(POLLIN), revents: 0)
        if toWrite { place.events |= Int16(POLLOUT) }
        let rest = deadline.map { ContinuousClock.now.duration(to: $0) }
        let milliseconds = rest.map { CInt(clamping: max(0, $0.components.seconds * 1000 + 1)) } ?? -1
        let ready = unsafe poll(&place, 1, milliseconds)
        if ready == 0, let rest, rest <= .zero { throw .broken("the server has not answered in time") }
        guard ready >= 0 || errno == EINTR else { throw .broken("the connection cannot be waited for") }
        if ready > 0, place.revents & ~Int16(POLLOUT) != 0, unsafe PQconsumeInput(handle) == 0 { throw broken() }
    }

    private borrowing func deadline(_ patience: Duration?) -> ContinuousClock.Instant? {
        patience.map { .now + $0 }
    }

    private borrowing func error(of result: borrowing QueryResult) -> PostgresError {
        PostgresError(
            sqlState: result.sqlState,
            message: result.message,
            isBroken: isBroken,
            constraint: result.constraint
        )
    }

    private borrowing func broken() -> PostgresError {
        .broken(unsafe Self.line(PQerrorMessage(handle)))
    }
}
