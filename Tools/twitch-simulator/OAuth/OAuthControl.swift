import Hummingbird

extension ControlServer {
    /// The control of the authorization server.
    static func addOAuth(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        router.post("oauth/grant") { request, _ in
            try await Self.with(OAuthGrantRequest.self, request) { try Self.json(await simulator.grant($0)) }
        }
        router.post("oauth/expire") { request, _ in
            try await Self.with(OAuthTokensRequest.self, request) { try Self.json(await simulator.expire($0)) }
        }
        router.post("oauth/revoke") { request, _ in
            try await Self.with(OAuthTokensRequest.self, request) { try Self.json(await simulator.disconnect($0)) }
        }
        router.post("oauth/settings") { request, _ in
            try await Self.with(OAuthSettingsRequest.self, request) { try Self.json(await simulator.change($0)) }
        }
        router.get("oauth/audit") { request, _ in
            let after = request.queryFields["after"].flatMap { Int($0) } ?? 0
            return try Self.json(AuditPage(entries: await simulator.audit.entries(after: after)))
        }
        for (name, approves) in [("approve", true), ("deny", false)] {
            router.post("oauth/device/\(name)") { request, _ in
                try await Self.with(DeviceDecisionRequest.self, request) {
                    try Self.json(await simulator.decide($0, approves: approves))
                }
            }
        }
        router.post("faults/oauth") { request, _ in
            try await Self.with(HTTPFaultRequest.self, request) { fault in
                try fault.check(OAuthEndpoint.allCases.map(\.rawValue))
                await simulator.addOAuthFault(fault)
                return try Self.json(ControlCount(count: fault.count ?? 1))
            }
        }
    }
}

extension Simulator {
    func addOAuthFault(_ request: HTTPFaultRequest) { self.oauthFaults.add(request, at: self.clock.uptime()) }

    fileprivate func grant(_ request: OAuthGrantRequest) throws -> OAuthGrantResult {
        guard let client = self.authorization.settings.clients.first(where: { $0.id == request.clientID }) else {
            throw ControlError("client_id: '\(request.clientID)' is not registered; see --client")
        }
        let user = try self.userID(of: request.login)
        let scopes = request.scopes ?? ["chat:read"]
        let grant = self.authorization.issue(client, user: user, scopes: scopes.isEmpty ? nil : scopes, at: self.now)
        return OAuthGrantResult(
            accessToken: grant.accessToken,
            refreshToken: grant.refreshToken,
            expiresIn: grant.expiresIn
        )
    }

    /// Access tokens that a request means and that are good now.
    private func selected(_ request: OAuthTokensRequest) throws -> [String: AccessToken] {
        guard request.login != nil || request.accessToken != nil || request.clientID != nil else {
            throw ControlError("one of login, access_token and client_id is needed")
        }
        let user = try request.login.map { try self.userID(of: $0) }
        let now = self.now
        return self.authorization.accessTokens.filter { token, found in
            guard !found.isRevoked, found.expiresAt > now else { return false }
            if let user, found.userID != user { return false }
            if let client = request.clientID, found.clientID != client { return false }
            return request.accessToken.map { $0 == token } ?? true
        }
    }

    fileprivate func expire(_ request: OAuthTokensRequest) throws -> ControlCount {
        let tokens = try self.selected(request)
        for token in tokens.keys { self.authorization.accessTokens[token]?.expiresAt = self.now }
        return ControlCount(count: tokens.count)
    }

    fileprivate func disconnect(_ request: OAuthTokensRequest) throws -> ControlCount {
        var count = 0
        for (token, found) in try self.selected(request) where found.userID == nil {
            self.authorization.accessTokens[token]?.isRevoked = true
            count += 1
        }
        for connection in try self.connectedUsers(request) {
            count += self.authorization.disconnect(client: connection.client, user: connection.user, at: self.now)
        }
        return ControlCount(count: count)
    }

    private struct UserConnection: Hashable {
        var client: String
        var user: String
    }

    /// The users' connections that a request means, with or without a good access token.
    private func connectedUsers(_ request: OAuthTokensRequest) throws -> Set<UserConnection> {
        if let token = request.accessToken {
            guard let found = self.authorization.accessTokens[token], let user = found.userID else { return [] }
            return [UserConnection(client: found.clientID, user: user)]
        }
        let user = try request.login.map { try self.userID(of: $0) }
        return Set(
            self.authorization.refreshTokens.values
                .filter { user == nil || $0.userID == user }
                .filter { request.clientID == nil || $0.clientID == request.clientID }
                .map { UserConnection(client: $0.clientID, user: $0.userID) }
        )
    }

    fileprivate func decide(_ request: DeviceDecisionRequest, approves: Bool) throws -> ControlCount {
        let user = try self.userID(of: request.login ?? self.authorization.settings.person)
        let decision = approves ? DeviceRequest.Decision.approved(userID: user) : .denied
        guard self.authorization.decide(userCode: request.userCode, decision, at: self.now) else {
            throw ControlError("user_code: no device waits with '\(request.userCode)'")
        }
        return ControlCount(count: 1)
    }

    fileprivate func change(_ request: OAuthSettingsRequest) throws -> ControlCount {
        let seconds = [
            request.tokenLifetimeSeconds, request.appTokenLifetimeSeconds, request.deviceLifetimeSeconds,
            request.deviceIntervalSeconds,
        ]
        guard seconds.allSatisfy({ $0 ?? 1 >= 1 }) else { throw ControlError("seconds must be 1 or more") }
        var settings = self.authorization.settings
        settings.tokenLifetime = request.tokenLifetimeSeconds ?? settings.tokenLifetime
        settings.appTokenLifetime = request.appTokenLifetimeSeconds ?? settings.appTokenLifetime
        settings.deviceLifetime = request.deviceLifetimeSeconds ?? settings.deviceLifetime
        settings.deviceInterval = request.deviceIntervalSeconds ?? settings.deviceInterval
        settings.rotatesRefreshTokens = request.rotateRefreshTokens ?? settings.rotatesRefreshTokens
        settings.slowsDown = request.slowDown ?? settings.slowsDown
        settings.strictTokens = request.strictTokens ?? settings.strictTokens
        self.authorization.settings = settings
        return ControlCount(count: 1)
    }

    /// The id of a login, for a control request.
    func userID(of login: String) throws -> String {
        guard Login.isValid(login) else {
            throw ControlError("login: '\(login)' is no login (1 to 25 of a-z, 0-9, _)")
        }
        guard let id = self.users.id(of: login) else {
            throw ControlError("login: nobody has the login '\(login)' since it was renamed")
        }
        return id
    }
}
