/// How a process ends, from `sysexits.h`: what scripts and service managers may decide upon.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    /// The process did what it was asked to do, and was stopped.
    case success = 0
    /// EX_USAGE: a wrong option or argument.
    case usage = 64
    /// EX_UNAVAILABLE: something that is needed cannot be had, such as a port that another process holds.
    case unavailable = 69
    /// EX_SOFTWARE: a defect of ours.
    case `internal` = 70
    /// EX_CANTCREAT: a file or directory cannot be made or written, such as `STATE_DIR`.
    case cannotCreate = 73
    /// EX_IOERR: reading or writing failed.
    case inputOutput = 74
    /// EX_TEMPFAIL: worth starting again in a while.
    case temporary = 75
    /// EX_CONFIG: a setting is wrong; starting again will not help.
    case configuration = 78
}

/// An error that knows with which status the process ends.
package protocol ExitCodeProviding: Error {
    /// The status of the process that this error ends.
    var exitStatus: ExitStatus { get }
}

/// An error that ends a service: one line for a person and an exit status.
package struct ServiceFailure: ExitCodeProviding, Hashable, CustomStringConvertible {
    /// The status the process ends with.
    package var exitStatus: ExitStatus
    /// What went wrong, with what, and what to do next; no secrets, no line breaks.
    package var message: String

    /// Describes a failure: `message` says what went wrong, with what, and what to do next.
    package init(_ exitStatus: ExitStatus, _ message: String) {
        self.exitStatus = exitStatus
        self.message = message
    }

    /// The message.
    package var description: String { self.message }
}

/// What a person reads when a process ends with an error.
enum FailureReport {
    /// The status for `error`: its own where it has one, otherwise 70.
    static func status(of error: any Error) -> ExitStatus {
        (error as? any ExitCodeProviding)?.exitStatus ?? .internal
    }

    /// `name: message`, always a single line.
    static func line(for error: any Error, of name: String) -> String {
        let text = String(describing: error)
        let oneLine = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(name): \(oneLine.escapedForTerminals)"
    }
}
