import Glibc

/// Why a file, folder or socket of our own cannot be used; one line for the operator.
package struct PrivateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// It is another user's, open to others, or a link: a person has to decide.
        case notOurs
        /// There is none.
        case missing
        /// The disk or the quota is full.
        case full
        /// The system refused for another reason.
        case inputOutput
    }

    package var code: Code
    /// The path concerned.
    package var path: String
    /// What is wrong with it, without the path, such as `permission denied`.
    package var reason: String

    package init(_ code: Code, _ path: String, _ reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// The calling thread's last error.
    static func last(_ path: String) -> PrivateFileError {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        switch number {
        case ENOENT: return PrivateFileError(.missing, path, reason)
        case ENOSPC, EDQUOT: return PrivateFileError(.full, path, reason)
        case ELOOP, EMLINK: return .isLink(path)
        default: return PrivateFileError(.inputOutput, path, reason)
        }
    }

    static func isLink(_ path: String) -> PrivateFileError {
        PrivateFileError(.notOurs, path, "it is a symbolic link, which is not followed; remove it")
    }

    package var description: String { "cannot use \(path): \(reason)" }
}
