/// Why Helix gave no answer. Its description is one line without secrets.
package enum HelixError: Error, Hashable, Sendable {
    /// There is no access token to ask with.
    case noToken
    /// Twitch refused the token, and there is no other. `message` is Twitch's.
    case unauthorized(message: String)
    /// The token is good but not for this: a scope is missing, or it belongs to another client id.
    case forbidden(status: Int, message: String)
    /// Twitch does not accept the request, and would not the next time.
    case badRequest(status: Int, message: String)
    /// Too many requests, again and again.
    case rateLimited
    /// Twitch failed, several times in a row.
    case unavailable(status: Int, message: String)
    /// No answer in time, or none at all, several times in a row. `reason` is one line.
    case unreachable(reason: String)
    /// An answer that cannot be read.
    case unreadable(endpoint: String, reason: String)
    /// The asking task was cancelled.
    case cancelled

    /// A label for metrics.
    package var label: String {
        switch self {
        case .noToken: "no_token"
        case .unauthorized: "unauthorized"
        case .forbidden: "forbidden"
        case .badRequest: "bad_request"
        case .rateLimited: "rate_limited"
        case .unavailable: "unavailable"
        case .unreachable: "unreachable"
        case .unreadable: "unreadable"
        case .cancelled: "cancelled"
        }
    }
}

extension HelixError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noToken: "there is no access token for Twitch's API"
        case .unauthorized(let message): "Twitch's API refused the access token\(Self.quoted(message))"
        case .forbidden(let status, let message):
            "Twitch's API does not allow this with the present token (\(status))\(Self.quoted(message))"
        case .badRequest(let status, let message):
            "Twitch's API did not accept the request (\(status))\(Self.quoted(message))"
        case .rateLimited: "Twitch's API keeps answering that there are too many requests (429)"
        case .unavailable(let status, let message):
            "Twitch's API failed with status \(status)\(Self.quoted(message))"
        case .unreachable(let reason): "Twitch's API cannot be reached: \(reason)"
        case .unreadable(let endpoint, let reason): "Twitch's answer to /\(endpoint) cannot be read: \(reason)"
        case .cancelled: "the request was cancelled"
        }
    }

    /// Foreign text, cut to one short line.
    private static func quoted(_ message: String) -> String {
        let line = message.prefix(120).map { $0.isNewline || ($0.asciiValue ?? 32) < 32 ? " " : $0 }
        return line.isEmpty ? "" : ": \(String(line))"
    }
}
