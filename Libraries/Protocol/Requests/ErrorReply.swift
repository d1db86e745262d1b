/// `ERROR`: the reply to a request that was not understood or cannot be answered.
package struct ErrorReply: Error, Hashable, Sendable, Codable {
    /// The request's number; 0 when even that could not be read.
    package var request: Int
    /// For programs: `malformed`, `unknown_verb`, `unsupported_version`, `unknown_topic` or `unavailable`.
    package var code: String
    /// For people.
    package var message: String

    package init(request: Int, code: String, message: String) {
        self.request = request
        self.code = code
        self.message = message
    }
}
