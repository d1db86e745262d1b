import ServiceRuntime
import Synchronization
import TokenStore
import TwitchAPI

/// The authorization code flow (RFC 6749, section 4.1): Twitch sends the person's browser back to this machine.
struct BrowserLogin: Sendable {
    typealias Ending = Result<StoredToken, CommandFailure>

    var keeper: LoginKeeper
    var scopes: [String]
    var port: Int
    var forceVerify: Bool
    var browser: WebBrowser
    var style: Style
    /// How long the person may take.
    var patience = Duration.seconds(300)

    private var redirectURI: String { "http://localhost:\(port)/callback" }

    /// Waits for the person, and returns what was stored.
    func run() async throws -> StoredToken {
        let reception = LoginReception()
        let desk = Mutex(reception)
        let strangers = Mutex(0)
        let ended = Latch()
        let ending = Mutex<Ending?>(nil)
        let server = CallbackServer(port: port) { request, cookie in
            switch request {
            case .begin(let key, let isOwnUser):
                return begin(desk.withLock { $0.visit(key: key, cookie: cookie, isOwnUser: isOwnUser) }, reception)
            case .callback(let query):
                switch desk.withLock({ $0.receive(query, cookie: cookie) }) {
                case .foreign:
                    if strangers.withLock({
                        $0 += 1
                        return $0 == 1
                    }) {
                        warnOfStranger()
                    }
                    return .page(.foreign)
                case .late: return .page(.late)
                case .incomplete: return .page(.incomplete)
                case .refused(let error, let description):
                    let (page, failure) = Self.refusal(error, description)
                    ending.withLock { $0 = .failure(failure) }
                    ended.open()
                    return .page(page)
                case .code(let code):
                    let result = await exchange(code)
                    ending.withLock { $0 = result }
                    ended.open()
                    return .page(Self.page(result))
                }
            }
        }
        return try await server.serving {
            await invite(reception)
            await ended.wait(atMost: patience)
            try Task.checkCancellation()
            guard let ending = ending.withLock({ $0 }) else {
                throw CommandFailure(75, "nobody logged in within \(DevicePrompt.words(patience)); try again")
            }
            return try ending.get()
        }
    }

    private func exchange(_ code: Secret) async -> Ending {
        do throws(OAuthError) {
            let grant = try await keeper.client.exchange(code: code, redirectURI: redirectURI)
            do {
                return .success(try await keeper.keep(grant))
            } catch let failure as CommandFailure {
                return .failure(failure)
            } catch let error as any ExitCodeProviding {
                return .failure(CommandFailure(error.exitStatus.rawValue, "\(error)"))
            } catch {
                return .failure(CommandFailure(70, "\(error)"))
            }
        } catch {
            return .failure(CommandFailure(error))
        }
    }

    private func begin(_ visit: LoginReception.Visit, _ reception: LoginReception) -> CallbackServer.Reply {
        switch visit {
        case .begin:
            let address = keeper.client.authorizeURL(
                redirectURI: redirectURI,
                scopes: scopes,
                state: reception.state.text.reveal(),
                forceVerify: forceVerify
            )
            return .redirect(to: address, cookie: reception.cookie.text)
        case .taken: return .page(.taken)
        case .otherUser: return .page(.otherUser)
        case .late: return .page(.late)
        case .unknown: return .page(.unknown)
        }
    }

    private func page(_ key: LoginSecret) -> String {
        "http://localhost:\(port)/\(CallbackServer.page)/\(key.text.reveal())"
    }

    private func invite(_ reception: LoginReception) async {
        // Whoever uses this machine can read a program's arguments: that address is good for our own user alone.
        let isOpened = await browser.open(page(reception.openedKey))
        let address = page(reception.shownKey)
        let hint =
            isOpened
            ? "Your browser opens this page. If it does not, open it yourself:"
            : "Open this page in a browser on this machine:"
        Terminal.output.write(
            """

              \(hint)

                  \(style.bold(address))

              Waiting for Twitch to send the browser back to \(redirectURI) ...
              \(style.dim("A browser on another machine? There: ssh -L \(port):localhost:\(port) THIS-MACHINE, then open the page"))
              \(style.dim("No browser at all? Ctrl-C, then: collector auth login --device"))
              \(style.dim("redirect_mismatch? Add exactly this address to your application's OAuth Redirect URLs."))


            """
        )
    }

    private func warnOfStranger() {
        Terminal.error.write(
            "  A callback that does not belong to this login was ignored (an older tab?). Still waiting.\n"
        )
    }

    private static func page(_ ending: Ending) -> CallbackPage {
        switch ending {
        case .success(let token): .loggedIn(as: token.login ?? "")
        case .failure(let failure): .failed("\(failure).")
        }
    }

    static func refusal(_ error: String, _ description: String) -> (CallbackPage, CommandFailure) {
        if error == "access_denied" {
            return (.denied, CommandFailure(77, "access was denied on Twitch's page; nothing was stored"))
        }
        let words = description.isEmpty ? error : "\(error): \(description)"
        return (
            .failed("Twitch said: \(words)."),
            CommandFailure(77, "Twitch said: \(words.printable); nothing was stored")
        )
    }
}
