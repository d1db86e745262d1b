/// What a person's browser asks for.
extension Simulator {
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
