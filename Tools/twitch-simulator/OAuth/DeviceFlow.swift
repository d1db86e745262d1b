/// A device that waits for a person's consent.
struct DeviceRequest: Sendable {
    enum Decision: Sendable, Equatable {
        case pending
        case approved(userID: String)
        case denied
    }

    let clientID: String
    let userCode: String
    let scopes: [String]?
    let expiresAt: Int64
    /// Seconds between polls.
    var interval: Int
    var lastPollAt: Int64?
    var decision = Decision.pending
}

/// `POST /oauth2/device`, the person's decision, and the polling.
extension AuthorizationServer {
    /// Starts a device flow; `base` is where the person's page is, as the device reached us.
    mutating func startDevice(_ form: FormFields, base: String, at now: Int64) throws(OAuthRefusal) -> TwitchReply {
        let client = try self.client(form)
        // `scope` in the singular is not what the endpoint knows: the token comes without any.
        let scopes = try Self.scopes(form["scopes"])
        self.devices = self.devices.filter { $0.value.expiresAt > now }
        let code = TokenText.secret(40)
        let request = DeviceRequest(
            clientID: client.id,
            userCode: TokenText.userCode(),
            scopes: scopes,
            expiresAt: now + Int64(self.settings.deviceLifetime) * 1000,
            interval: self.settings.deviceInterval
        )
        self.devices[code] = request
        let query = client.isPublic ? "public=true&device-code" : "device-code"
        return .json([
            "device_code": .string(code),
            "expires_in": .number(self.settings.deviceLifetime),
            "interval": .number(request.interval),
            "user_code": .string(request.userCode),
            "verification_uri": .string("\(base)/activate?\(query)=\(request.userCode)"),
        ])
    }

    /// The request that waits under a code that a person typed.
    func waiting(userCode: String, at now: Int64) -> DeviceRequest? {
        self.devices.values.first { $0.userCode == userCode && $0.expiresAt > now && $0.decision == .pending }
    }

    /// The person decides.
    ///
    /// - Returns: whether such a request waited.
    mutating func decide(userCode: String, _ decision: DeviceRequest.Decision, at now: Int64) -> Bool {
        let found = self.devices.first {
            $0.value.userCode == userCode && $0.value.expiresAt > now && $0.value.decision == .pending
        }
        guard let found else { return false }
        self.devices[found.key]?.decision = decision
        return true
    }

    mutating func pollDevice(
        _ form: FormFields,
        _ client: RegisteredClient,
        at now: Int64,
        audit: inout AuditEntry
    ) throws(OAuthRefusal) -> TokenGrant {
        guard let code = form["device_code"] else { throw .missing("device code") }
        if let secret = form["client_secret"], !client.isPublic, secret != client.secret { throw .invalidClientSecret }
        guard var request = self.devices[code], request.clientID == client.id, request.expiresAt > now else {
            throw .invalidDeviceCode
        }
        // A twentieth is forgiven: requests spend unequal times on their way.
        audit.tooFast = request.lastPollAt.map { now - $0 < Int64(request.interval) * 950 } ?? false
        request.lastPollAt = now
        switch request.decision {
        case .pending:
            let isTooFast = audit.tooFast && self.settings.slowsDown
            if isTooFast { request.interval += 5 }
            self.devices[code] = request
            throw isTooFast ? .slowDown : .authorizationPending
        case .denied:
            self.devices[code] = nil
            throw .accessDenied
        case .approved(let userID):
            self.devices[code] = nil
            audit.userID = userID
            return self.issue(client, user: userID, scopes: request.scopes, at: now)
        }
    }
}
