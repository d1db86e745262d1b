import EventStore
import GRDB
import Glibc

extension EventStoreError {
    /// What an error of SQLite means for the caller.
    init(_ error: DatabaseError, operation: String) {
        let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        self.init(Self.code(of: error.resultCode), operation: operation, message: message)
    }

    /// Any error that GRDB throws.
    init(_ error: any Error, operation: String) {
        switch error {
        case let error as EventStoreError: self = error
        case let error as DatabaseError: self.init(error, operation: operation)
        default: self.init(.unavailable, operation: operation, message: "\(error)")
        }
    }

    /// A failed system call.
    init(errno: CInt, operation: String, path: String) {
        let code: Code =
            switch errno {
            case ENOSPC, EDQUOT: .diskFull
            case EROFS: .readOnly
            default: .cannotOpen
            }
        let text = unsafe String(cString: strerror(errno))
        self.init(code, operation: operation, message: "\(path): \(text)")
    }

    /// One row can cause a constraint's refusal and be too big. Everything else is about the file, the disk or the tables.
    private static func code(of code: ResultCode) -> Code {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
        case .SQLITE_FULL: .diskFull
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .readOnly
        case .SQLITE_NOTADB, .SQLITE_FORMAT: .incompatible
        case .SQLITE_CORRUPT: .corrupt
        case .SQLITE_CANTOPEN: .cannotOpen
        case .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_ABORT, .SQLITE_PROTOCOL: .unavailable
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH: .refused
        default: .schema
        }
    }
}
