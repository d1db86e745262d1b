/// Why tokens cannot be published; one line for the operator.
package enum TokenEndpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process holds the lock.
    case alreadyPublished(lock: String)
    /// The start-up test read from the endpoint without an allowed key.
    case strangerNotRefused(endpoint: String, who: String)
    /// The start-up test could not tell: not even an allowed key was answered.
    case selfTestUnanswered(endpoint: String)

    package var description: String {
        switch self {
        case .alreadyPublished(let lock):
            "another token-service of the same STATE_DIR is running (it holds \(lock)); stop that one first"
        case .strangerNotRefused(let endpoint, let who):
            "\(who) could read from \(endpoint), so no token is published; "
                + "use ipc:// instead of tcp:// and report this libzmq"
        case .selfTestUnanswered(let endpoint):
            "the test that strangers are refused had no answer from \(endpoint), so no token is published; "
                + "check that this machine can connect to it, or use ipc://"
        }
    }
}
