import NIOCore
import ServiceRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One answer of `id.twitch.tv`, and how its status and message are to be understood.
struct OAuthAnswer {
    let status: Int
    let body: ByteBuffer
    /// Host and last part of the path, such as `id.twitch.tv/token`: for messages.
    let place: String
    /// How long the server asks to be left alone; nil when it does not say.
    var retryAfter: Duration?
    private let said: ErrorBody

    init(status: Int, body: ByteBuffer, place: String, hiding secrets: [Secret]) {
        self.status = status
        self.body = body
        self.place = place
        self.said = ErrorBody(body.readableBytesView, hiding: secrets.map { $0.reveal() })
    }

    /// 2xx: the server says that it has done what it was asked.
    var isSuccess: Bool { (200..<300).contains(self.status) }

    /// The body of a success. One that cannot be read is ambiguous: the server has done what it was asked.
    func decoded<Value: Decodable>() throws(OAuthError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(self.body.readableBytesView))
        } catch {
            // Not the decoder's own text: it may quote what it found.
            throw OAuthError(
                .transient,
                "\(self.place) answered \(self.status) with a body that cannot be read",
                status: self.status,
                isAmbiguous: true,
                retryAfter: self.retryAfter
            )
        }
    }

    /// `id.twitch.tv/token answered 400: Invalid refresh token`
    func error(_ code: OAuthError.Code) -> OAuthError {
        let text = "\(self.place) answered \(self.status)"
        return OAuthError(
            code,
            self.said.message.isEmpty ? text : "\(text): \(self.said.message)",
            status: self.status,
            isAmbiguous: code == .transient && self.mayHaveBeenDone,
            retryAfter: self.retryAfter
        )
    }

    /// 500 and 503 say that the request failed. Others of 5xx come from something in front, which has lost the answer.
    private var mayHaveBeenDone: Bool { self.status >= 500 && ![500, 501, 503].contains(self.status) }

    /// An error code of RFC 6749 or 8628 counts first; words of the message, as the server sent it, are what Twitch has.
    /// Never the text for people: a secret that occurs in it was blotted out, and the words that are looked for with it.
    private func says(_ words: String...) -> Bool {
        let message = self.said.unredacted.lowercased()
        return words.contains { message.contains($0) }
    }

    /// The client id or its secret is what is wrong, not the grant.
    var isAboutClient: Bool {
        switch self.said.code {
        case "invalid_client", "unauthorized_client": true
        case "invalid_request", nil:
            self.says(
                "client secret",
                "invalid client",
                "client does not exist",
                "unauthorized_client",
                "invalid_client",
                "client id"
            )
        case .some: false
        }
    }

    /// A refresh that was not granted: 400 `Invalid refresh token`, 400 `Invalid grant` and 401 are final.
    var refreshCode: OAuthError.Code {
        switch self.status {
        case 400, 401, 403:
            if self.isAboutClient { return .clientRefused }
            let isFinal =
                self.status == 401 || self.said.code == "invalid_grant" || self.says("refresh token", "grant")
            return isFinal ? .refused : .transient
        default: return .transient
        }
    }

    /// A device code that was not granted. RFC 8628's other words are not documented by Twitch, but cost nothing.
    var deviceCode: OAuthError.Code {
        guard (400..<500).contains(self.status), self.status != 429 else { return .transient }
        switch self.said.code {
        case "authorization_pending": return .pending
        case "slow_down": return .slowDown
        case "access_denied": return .denied
        case "expired_token", "invalid_grant": return .expired
        case .some where self.said.code != "invalid_request": break
        default:
            if self.says("authorization_pending") { return .pending }
            if self.says("slow_down") { return .slowDown }
            if self.says("access_denied", "denied") { return .denied }
            if self.says("device code", "expired") { return .expired }
        }
        return self.isAboutClient ? .clientRefused : .refused
    }
}
