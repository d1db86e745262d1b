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
    private func oauth(
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
        if let instead = fault?.replyInstead {
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

    // MARK: - For applications

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

    // MARK: - For people

    func oauthAuthorize(_ query: FormFields) -> TwitchReply {
        let now = self.now
        return self.oauth(.authorize, query) { server, _ in
            switch try server.startConsent(query, at: now) {
            case .redirect(let location): return .redirect(to: location)
            case .page(let id, let consent):
                return .html(
                    ConsentPage.question(
                        client: consent.clientID,
                        scopes: consent.scopes,
                        user: server.settings.person,
                        action: "/oauth2/authorize",
                        fields: [("consent", id)]
                    )
                )
            }
        }
    }

    func oauthDecide(_ form: FormFields) -> TwitchReply {
        let now = self.now
        let user = self.decider(form)
        return self.oauth(.authorize, form) { server, entry in
            entry.clientID = server.consents[form["consent"] ?? ""]?.clientID
            if form["decision"] == "approve" {
                guard let user else { return Self.unknownPerson }
                entry.userID = user
            }
            guard let location = server.decide(consent: form["consent"] ?? "", userID: entry.userID, at: now) else {
                return .html(
                    ConsentPage.message("This page is too old", "Start again where you came from."),
                    status: 400
                )
            }
            return .redirect(to: location)
        }
    }

    func deviceActivation(_ query: FormFields) -> TwitchReply {
        guard let code = query["device-code"]?.uppercased() else { return .html(ConsentPage.codeForm()) }
        guard let request = self.authorization.waiting(userCode: code, at: self.now) else { return Self.unknownCode }
        return .html(
            ConsentPage.question(
                client: request.clientID,
                scopes: request.scopes ?? [],
                user: self.authorization.settings.person,
                action: "/activate",
                fields: [("device-code", code)],
                code: code
            )
        )
    }

    func deviceDecide(_ form: FormFields) -> TwitchReply {
        let approves = form["decision"] == "approve"
        let user = self.decider(form)
        if approves, user == nil { return Self.unknownPerson }
        let decision = approves ? user.map { DeviceRequest.Decision.approved(userID: $0) } : .denied
        guard let decision,
            self.authorization.decide(userCode: form["device-code"] ?? "", decision, at: self.now)
        else { return Self.unknownCode }
        return .html(
            approves
                ? ConsentPage.message("Your device is connected", "You can close this page and go back to it.")
                : ConsentPage.message("You denied the access", "Nothing was connected. You can close this page.")
        )
    }

    /// Who decides on a page: the id of the login that the form names.
    private func decider(_ form: FormFields) -> String? {
        guard let login = form["login"], Login.isValid(login) else { return nil }
        return self.users.id(of: login)
    }

    private static var unknownPerson: TwitchReply {
        .html(
            ConsentPage.message("Nobody has this login", "Go back and give 1 to 25 of a-z, 0-9 and _."),
            status: 400
        )
    }

    private static var unknownCode: TwitchReply {
        .html(
            ConsentPage.message("This code is not valid", "It was used, is too old, or was mistyped. Start again."),
            status: 404
        )
    }
}
