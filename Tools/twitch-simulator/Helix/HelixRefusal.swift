/// Why Helix refuses a request: `{"error":"Unauthorized","status":401,"message":"…"}`, three keys always.
struct HelixRefusal: Error, Equatable {
    var status: Int
    var message: String

    static let missingToken = HelixRefusal(status: 401, message: "OAuth token is missing")
    static let missingClientID = HelixRefusal(status: 401, message: "Must provide a valid Client-ID or OAuth token")
    static let invalidToken = HelixRefusal(status: 401, message: "Invalid OAuth token")
    static let mismatch = HelixRefusal(status: 401, message: "Client ID and OAuth token do not match")
    static let invalidUsers = HelixRefusal(status: 400, message: "Invalid login names, emails or IDs in request")
    static let malformed = HelixRefusal(status: 400, message: "Malformed query params.")
    static let nobody = HelixRefusal(status: 400, message: "Must provide an ID, Login or OAuth Token.")
    static let tooManyRequests = HelixRefusal(status: 429, message: "Too many requests, wait until Ratelimit-Reset")

    static func missing(_ parameter: String) -> Self {
        HelixRefusal(status: 400, message: "Missing required parameter \"\(parameter)\"")
    }

    static func tooMany(_ parameters: String) -> Self {
        HelixRefusal(status: 400, message: "The number of \(parameters) parameters must be 100 or less")
    }

    static func malformed(_ parameter: String, _ why: String) -> Self {
        HelixRefusal(status: 400, message: "The parameter \"\(parameter)\" was malformed: \(why)")
    }

    var reply: TwitchReply {
        .json(
            [
                "error": .string(Self.reason(self.status)), "status": .number(self.status),
                "message": .string(self.message),
            ],
            status: self.status
        )
    }

    static func reason(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Error"
        }
    }
}
