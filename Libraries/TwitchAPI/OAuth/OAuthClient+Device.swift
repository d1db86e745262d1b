import ServiceRuntime

/// Logging in on a machine without a browser (`twitch-protocol` §5.4).
extension OAuthClient {
    /// Asks for a code that a person confirms on any device.
    package func startDevice(scopes: [String]) async throws(OAuthError) -> DeviceAuthorization {
        // Twitch reads `scopes`, where RFC 8628 has `scope`.
        let form = FormBody(["client_id": self.clientID, "scopes": scopes.joined(separator: " ")])
        let answer = try await self.post("device", form, hiding: [])
        switch answer.status {
        case 200..<300: return try answer.decoded()
        case 400..<500 where answer.status != 429: throw answer.error(.clientRefused)
        default: throw answer.error(.transient)
        }
    }

    /// Asks once whether the person has confirmed. Throws `pending` until then, and `slowDown` when asked too often.
    ///
    /// The caller waits ``DeviceAuthorization/interval`` between calls and stops at its end by its own clock.
    package func pollDevice(_ device: DeviceAuthorization, scopes: [String]) async throws(OAuthError) -> TokenGrant {
        // Twitch asks for no secret here; of a confidential application it may come along.
        var form = self.clientForm("urn:ietf:params:oauth:grant-type:device_code")
        form.append("scopes", scopes.joined(separator: " "))
        form.append("device_code", device.deviceCode.reveal())
        let answer = try await self.post("token", form, hiding: [device.deviceCode])
        guard !answer.isSuccess else { return try answer.decoded() }
        throw answer.error(answer.deviceCode)
    }
}
