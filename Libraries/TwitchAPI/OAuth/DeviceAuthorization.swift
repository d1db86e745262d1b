package import ServiceRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `/device` gives: a person opens the URI on any device and confirms the code (`twitch-protocol` §5.4).
package struct DeviceAuthorization: Hashable, Sendable {
    /// What we poll with; never shown.
    package var deviceCode: Secret
    /// What the person types or compares.
    package var userCode: String
    /// Where the person goes; it holds the code already.
    package var verificationURI: String
    /// Least time between two polls: a second to five minutes.
    package var interval: Duration
    /// After this long, a day at most, the code is worthless.
    package var expiresIn: Duration

    /// A device authorization.
    package init(
        deviceCode: Secret,
        userCode: String,
        verificationURI: String,
        interval: Duration,
        expiresIn: Duration
    ) {
        self.deviceCode = deviceCode
        self.userCode = userCode
        self.verificationURI = verificationURI
        self.interval = interval
        self.expiresIn = expiresIn
    }
}

extension DeviceAuthorization: Decodable {
    /// `interval` defaults to 5 s (RFC 8628 §3.2) and is a second to five minutes; a code whose end is not known is asked for
    /// half an hour, as long as Twitch's live, and none longer than a day. What cannot be shown to a person is no answer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func missing(_ key: Key) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: "missing")
        }
        guard let deviceCode = container.secret(.deviceCode) else { throw missing(.deviceCode) }
        guard let userCode = container.text(.userCode, atMost: 64) else { throw missing(.userCode) }
        guard let address = container.text(.verificationURI, atMost: 1024), address.isVisibleASCII(atMost: 1024),
            address.lowercased().hasPrefix("https://") || address.lowercased().hasPrefix("http://")
        else { throw missing(.verificationURI) }
        self.init(
            deviceCode: deviceCode,
            userCode: userCode,
            verificationURI: address,
            interval: min(container.lifetime(.interval) ?? .seconds(5), .seconds(300)),
            expiresIn: min(container.lifetime(.expiresIn) ?? .seconds(1800), .seconds(86_400))
        )
    }

    private enum Key: String, CodingKey {
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURI = "verification_uri"
        case interval
        case expiresIn = "expires_in"
    }
}
