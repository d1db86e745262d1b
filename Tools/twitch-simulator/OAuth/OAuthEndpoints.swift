/// The endpoints that are audited and can fail on request.
enum OAuthEndpoint: String, CaseIterable, Sendable {
    case authorize
    case token
    case validate
    case revoke
    case device
}

extension Simulator {
    /// Milliseconds of uptime, the authorization server's time.
    var now: Int64 { self.clock.uptime() / 1_000_000 }

    /// Answers one request: the fault that awaits it, or the work; in any case an entry in the audit log.
    func oauth(
        _ endpoint: OAuthEndpoint,
        _ fields: FormFields,
        _ work: (inout AuthorizationServer, inout AuditEntry) throws -> TwitchReply
    ) -> TwitchReply {
        var entry = AuditEntry(endpoint: endpoint.rawValue)
        entry.atMilliseconds = self.clock.unixMilliseconds()
        entry.clientID = fields["client_id"]
        entry.grantType = fields["grant_type"]
        entry.refreshFingerprint = fields["refresh_token"].map(TokenText.fingerprint)
        let fault = self.oauthFaults.take(
            endpoint: endpoint.rawValue,
            grantType: entry.grantType,
            at: self.clock.uptime()
        )
        entry.isFault = fault != nil
        var reply: TwitchReply
        if let instead = fault?.replyInstead(as: .oauth) {
            reply = instead
            entry.message = fault?.message
        } else {
            do {
                reply = try work(&self.authorization, &entry)
            } catch let refusal as OAuthRefusal {
                reply = refusal.reply
                entry.message = refusal.message
            } catch {
                reply = .json(["status": 500, "message": "internal server error"], status: 500)
                entry.message = String(describing: error)
            }
            fault?.apply(to: &reply)
        }
        entry.status = reply.status
        entry.login = entry.userID.flatMap { self.users.login(of: $0) }
        self.audit.append(entry)
        return reply
    }

    func oauthToken(_ form: FormFields) -> TwitchReply {
        let now = self.now
        return self.oauth(.token, form) { try $0.token(form, at: now, audit: &$1).reply }
    }

    func oauthValidate(_ header: String?) -> TwitchReply {
        let now = self.now
        let users = self.users
        return self.oauth(.validate, FormFields("")) { server, entry in
            let (token, expiresIn) = try server.validate(header, at: now, audit: &entry)
            var keys: [String: JSONValue] = [
                "client_id": .string(token.clientID),
                "expires_in": .number(expiresIn),
                "scopes": token.scopes.map(JSONValue.strings) ?? .null,
            ]
            if let user = token.userID {
                keys["user_id"] = .string(user)
                keys["login"] = .string(users.login(of: user) ?? "")
            }
            return .json(.object(keys))
        }
    }

    func oauthRevoke(_ form: FormFields) -> TwitchReply {
        let now = self.now
        return self.oauth(.revoke, form) { server, entry in
            try server.revoke(form, at: now, audit: &entry)
            return TwitchReply(status: 200)
        }
    }

    func oauthDevice(_ form: FormFields, base: String) -> TwitchReply {
        let now = self.now
        return self.oauth(.device, form) { server, _ in try server.startDevice(form, base: base, at: now) }
    }
}
