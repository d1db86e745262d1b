package import AsyncHTTPClient
import NIOCore

extension HTTPClient.Configuration {
    /// For requests that carry secrets and that must not be sent twice unnoticed.
    ///
    /// - No redirects: a form with a client secret goes where the settings say, or nowhere.
    /// - HTTP/1.1, so that a failure concerns one request only.
    /// - A connection that cannot be made fails at once and under its own name: then nothing was sent, which is worth
    ///   knowing when a refresh token may be spent once.
    package static var twitchAPI: Self {
        var configuration = Self()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
