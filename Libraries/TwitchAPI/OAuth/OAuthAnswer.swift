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
    private let said: ErrorBody

    init(status: Int, body: ByteBuffer, place: String, hiding secrets: [Secret]) {
        self.status = status
        self.body = body
        self.place = place
        self.said = ErrorBody(body.readableBytesView, hiding: secrets.map { $0.reveal() })
    }

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
                isAmbiguous: true
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
            isAmbiguous: code == .transient && self.mayHaveBeenDone
        )
    }

    /// 500 and 503 say that the request failed. Others of 5xx come from something in front, which has lost the answer.
    private var mayHaveBeenDone: Bool { self.status >= 500 && ![500, 501, 503].contains(self.status) }

    private func says(_ part: String) -> Bool { self.said.message.lowercased().contains(part) }

    /// The client id or its secret is what is wrong, not the grant.
    var isAboutClient: Bool {
        [
            "client secret", "invalid client", "client does not exist", "unauthorized_client", "invalid_client",
            "client id",
        ]
        .contains(where: self.says)
    }

    /// A refresh that was not granted: 400 `Invalid refresh token`, 400 `Invalid grant` and 401 are final.
    var refreshCode: OAuthError.Code {
        switch self.status {
        case 400, 401, 403:
            if self.isAboutClient { return .clientRefused }
            let isFinal = self.status == 401 || self.says("refresh token") || self.says("grant")
            return isFinal ? .refused : .transient
        default: return .transient
        }
    }

    /// A device code that was not granted. RFC 8628's other words are not documented by Twitch, but cost nothing.
    var deviceCode: OAuthError.Code {
        guard (400..<500).contains(self.status), self.status != 429 else { return .transient }
        if self.says("authorization_pending") { return .pending }
        if self.says("slow_down") { return .slowDown }
        if self.says("access_denied") || self.says("denied") { return .denied }
        if self.says("device code") || self.says("expired") { return .expired }
        return self.isAboutClient ? .clientRefused : .refused
    }
}
