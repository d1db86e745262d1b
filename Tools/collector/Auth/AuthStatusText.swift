import Protocol
import TokenStore
import TwitchAPI

/// The login as a person reads it.
struct AuthStatusText: Sendable {
    var style: Style

    func text(_ status: AuthStatus) -> String {
        guard let user = status.user else { return nobody(status) }
        var scopes = user.scopes ?? []
        if case .valid(let validation) = status.live, let told = validation.scopes { scopes = told }
        var rows: [(String, String)] = [
            ("Account", style.bold((user.login ?? "not known yet").printable) + id(user.userID)),
            ("Scopes", scopes.isEmpty ? "none" : scopes.joined(separator: " ").printable),
            ("Access token", validity(status)),
        ]
        if let at = user.validatedAt { rows.append(("Last validated", Self.time(at))) }
        rows.append(("Renewal", renewal(status)))
        rows.append(("token-service", service(status)))
        rows.append(("Token file", status.file))
        if !scopes.isEmpty, !scopes.contains("chat:read") {
            rows.append(("", style.yellow("chat:read is missing: chat is read anonymously")))
        }
        return rows.map { "  " + style.dim($0.0.padding(to: 16)) + $0.1 + "\n" }.joined()
    }

    private func nobody(_ status: AuthStatus) -> String {
        let hint =
            status.hasUnimportedToken
            ? "TWITCH_ACCESS_TOKEN or TWITCH_REFRESH_TOKEN is set: token-service takes it over when it starts (collector run)."
            : "Log in with: collector auth login"
        return "  Nobody is logged in; chat is read anonymously. \(hint)\n"
    }

    private func id(_ userID: String?) -> String { userID.map { style.dim("  user id \($0.printable)") } ?? "" }

    private func validity(_ status: AuthStatus) -> String {
        let left = status.expiresIn.map { Self.span($0) }
        switch status.live {
        case .valid: return style.green("valid") + (left.map { ", expires in \($0)" } ?? ", no end known")
        case .invalid: return style.red("not valid any more") + (status.canRefresh ? "; it can be renewed" : "")
        case .unknown(let reason): return style.yellow("Twitch could not be asked: \(reason.printable)")
        case .notAsked:
            guard let left else { return "not asked" }
            return status.expiresIn == 0 ? style.yellow("expired") : "expires in \(left), not asked now"
        }
    }

    private func renewal(_ status: AuthStatus) -> String {
        if let refusal = status.tokens?.refusal {
            return style.red("refused: \(refusal.reason.printable)") + "; log in again with: collector auth login"
        }
        guard status.canRefresh else { return style.yellow("not possible: log in again before it expires") }
        if status.tokens?.intent != nil { return "under way" }
        return "possible"
    }

    private func service(_ status: AuthStatus) -> String {
        guard let pid = status.tokenServices.first else {
            return style.yellow("not running; nobody renews the token") + "; start it with: collector run"
        }
        return "running, pid \(pid)"
    }

    /// `3 h 58 min`
    static func span(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min" }
        if seconds < 172_800 { return "\(seconds / 3600) h \(seconds / 60 % 60) min" }
        return "\(seconds / 86_400) days"
    }

    /// `2026-11-25 15:20:01 UTC`
    static func time(_ time: Timestamp) -> String {
        "\(time)".prefix(19).replacing("T", with: " ") + " UTC"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
