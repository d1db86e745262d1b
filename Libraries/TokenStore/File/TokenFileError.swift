package import ServiceRuntime

/// Why the token file cannot be used. One line each, with what to do next.
package enum TokenFileError: ExitCodeProviding, Hashable, CustomStringConvertible {
    /// A newer version of the program wrote it; it is never overwritten.
    case newerFormat(path: String, format: Int)
    /// Cut off or not ours.
    case damaged(path: String)
    /// It belongs to another user, or its mode cannot be made private.
    case notPrivate(path: String, reason: String)
    /// Another process has held the lock for too long.
    case busy(path: String)
    /// The file system refuses.
    case inputOutput(path: String, reason: String)

    /// What went wrong and what to do.
    package var description: String {
        switch self {
        case .newerFormat(let path, let format):
            "\(path) has format \(format), which a newer version wrote; this one reads up to \(TokenFile.format): "
                + "update it, or move the file away and run: collector auth login"
        case .damaged(let path):
            "\(path) is damaged or cut off; restore it, or move it away and run: collector auth login"
        case .notPrivate(let path, let reason):
            "\(path) must be readable by its owner only, and cannot be made so: \(reason); "
                + "give it to the user that runs this, with mode 0600"
        case .busy(let path):
            "\(path) is being changed by another process for too long; end that process"
        case .inputOutput(let path, let reason):
            "cannot use \(path): \(reason)"
        }
    }

    /// 78 for what a person has to mend, 69 for a lock, 74 for the rest.
    package var exitStatus: ExitStatus {
        switch self {
        case .newerFormat, .damaged, .notPrivate: .configuration
        case .busy: .unavailable
        case .inputOutput: .inputOutput
        }
    }
}
