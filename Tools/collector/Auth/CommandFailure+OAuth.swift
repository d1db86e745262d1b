import TwitchAPI

extension CommandFailure {
    /// What a failed request means for the person, with the status of the command.
    init(_ error: OAuthError) {
        switch error.code {
        case .clientRefused:
            self.init(
                78,
                "Twitch refuses the application: \(error.message); check TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET"
            )
        case .denied: self.init(77, "access was denied on Twitch's page; nothing was stored")
        case .expired: self.init(75, "the code has expired or was used already; try again")
        case .refused, .invalidToken: self.init(77, "\(error.message); try again")
        case .transient, .pending, .slowDown: self.init(75, "\(error.message); try again in a while")
        }
    }
}
