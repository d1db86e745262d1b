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
    /// Least time between two polls.
    package var interval: Duration
    /// After this long the code is worthless.
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
    /// `interval` defaults to 5 s (RFC 8628 §3.2).
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            deviceCode: Secret(try container.decode(String.self, forKey: .deviceCode)),
            userCode: try container.decode(String.self, forKey: .userCode),
            verificationURI: try container.decode(String.self, forKey: .verificationURI),
            interval: .seconds(max(1, try container.decodeIfPresent(Int64.self, forKey: .interval) ?? 5)),
            expiresIn: .seconds(max(0, try container.decode(Int64.self, forKey: .expiresIn)))
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
