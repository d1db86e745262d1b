import ServiceRuntime
import TokenStore
import TwitchAPI

/// The device code flow (RFC 8628): the person approves on any other device.
struct DeviceLogin: Sendable {
    var keeper: LoginKeeper
    var scopes: [String]
    var style: Style
    /// Whether a line that counts down can be drawn.
    var isInteractive: Bool

    /// Waits for the person, and returns what was stored.
    func run() async throws -> StoredToken {
        let device: DeviceAuthorization
        do throws(OAuthError) {
            device = try await keeper.client.startDevice(scopes: scopes)
        } catch {
            throw CommandFailure(error)
        }
        let prompt = DevicePrompt(style: style)
        Terminal.output.write(
            prompt.text(address: device.verificationURI, code: device.userCode, lifetime: device.expiresIn)
        )
        defer { clearLine() }
        var polling = DevicePolling(interval: device.interval, lifetime: device.expiresIn, at: .now)
        var next: ContinuousClock.Instant? = polling.first(at: .now)
        while let moment = next {
            try await wait(until: moment, prompt, polling.expiry)
            let grant: TokenGrant
            do throws(OAuthError) {
                grant = try await keeper.client.pollDevice(device, scopes: scopes)
            } catch {
                next = polling.next(after: try Self.answer(error), at: .now)
                if let moment = next, let patience = error.retryAfter { next = max(moment, .now + patience) }
                continue
            }
            return try await keeper.keep(grant)
        }
        throw CommandFailure(75, "the code has expired before anybody approved; run the same command for a new one")
    }

    /// What a failed poll means; rethrows what asking again cannot mend.
    private static func answer(_ error: OAuthError) throws -> DevicePolling.Answer {
        switch error.code {
        case .pending: .pending
        case .slowDown: .slowDown
        case .transient: .unreachable
        case .denied, .expired, .refused, .clientRefused, .invalidToken: throw CommandFailure(error)
        }
    }

    private func wait(until moment: ContinuousClock.Instant, _ prompt: DevicePrompt, _ expiry: ContinuousClock.Instant)
        async throws
    {
        while ContinuousClock.now < moment {
            if isInteractive { Terminal.output.write("\r\u{1B}[2K" + prompt.waiting(expiry - .now)) }
            try await Task.sleep(until: min(moment, .now + .seconds(1)), clock: .continuous)
        }
    }

    private func clearLine() {
        if isInteractive { Terminal.output.write("\r\u{1B}[2K") }
    }
}
