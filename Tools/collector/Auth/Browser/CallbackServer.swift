import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import ServiceRuntime
import SystemPackage

/// Answers the browser that begins a login, and that Twitch sends back, on this machine's loopback addresses only.
struct CallbackServer: Sendable {
    /// What a browser asks for.
    enum Request: Hashable, Sendable {
        /// `/login/KEY`: the page that begins the login. `isOwnUser`: the browser runs as the same user as we do.
        case begin(key: String, isOwnUser: Bool)
        /// `/callback?…`: what Twitch sends it back with.
        case callback([String: String])
    }

    /// What it gets.
    enum Reply: Hashable, Sendable {
        case page(CallbackPage)
        /// On to another address, with a cookie.
        case redirect(to: String, cookie: Secret)
    }

    /// The path of the page that begins the login, before the key.
    static let page = "login"

    var port: Int
    /// Decides about a request and the cookie that came with it; the browser waits for the reply.
    var answer: @Sendable (Request, _ cookie: String?) async -> Reply

    /// Serves while `body` runs, and ends when every page that was begun has been sent.
    /// - Throws: `CommandFailure` when the port is taken.
    func serving<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        // "localhost" is either of the two, as the browser likes.
        let hosts = Self.hasIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]
        let bound = hosts.map { _ in Latch() }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: zip(hosts, bound).map { host, latch in
                    .init(service: application(on: host, bound: latch), serviceName: "callback on \(host)")
                },
                logger: Self.silent
            )
        )
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                do {
                    try await services.run()
                } catch {
                    throw explained(error)
                }
                return nil
            }
            group.addTask {
                for latch in bound { await latch.wait() }
                try Task.checkCancellation()
                do {
                    let result = try await body()
                    try? await Task.sleep(for: Self.lastPage)
                    return result
                } catch {
                    try? await Task.sleep(for: Self.lastPage)
                    throw error
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                guard let result else { continue }
                await services.triggerGracefulShutdown()
                _ = try? await group.next()
                return result
            }
            throw CancellationError()
        }
    }

    private func application(on host: String, bound: Latch) -> some ApplicationProtocol {
        let router = Router(context: LoginRequestContext.self)
        router.get("\(Self.page)/:key") { request, context in
            // A cookie is for the name that the browser knows us by, and Twitch sends it back to this one.
            guard request.head.authority == "localhost:\(port)" else { return Self.response(.page(.otherName(port))) }
            // A browser that looks ahead must not use the visit up.
            guard !Self.isPrefetch(request.headers) else { return Self.response(.page(.unknown)) }
            let isOwnUser = await LoopbackPeer.isOwnUser(context.channel)
            let key = context.parameters.get("key") ?? ""
            return Self.response(await answer(.begin(key: key, isOwnUser: isOwnUser), Self.cookie(request.headers)))
        }
        router.get("callback") { request, _ in
            // A form encodes a space as "+", which a URI does not.
            let query = request.uri.queryParameters.reduce(into: [String: String]()) { query, parameter in
                query[String(parameter.key)] = String(parameter.value).replacing("+", with: " ")
            }
            return Self.response(await answer(.callback(query), Self.cookie(request.headers)))
        }
        router.get("**") { _, _ in Self.response(.page(.unknown)) }
        return Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "collector"),
            onServerRunning: { _ in bound.open() },
            logger: Self.silent
        )
    }

    private static let cookieName = "collector_login"

    private static func cookie(_ headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let cookie = pair.trimmingPrefix(" ")
                if cookie.hasPrefix(cookieName + "=") { return String(cookie.dropFirst(cookieName.count + 1)) }
            }
        }
        return nil
    }

    private static func isPrefetch(_ headers: HTTPFields) -> Bool {
        ["Sec-Purpose", "Purpose", "X-Moz"].contains { name in
            guard let name = HTTPFields.Element.Name(name), let purpose = headers[name]?.lowercased() else {
                return false
            }
            return purpose.contains("prefetch") || purpose.contains("prerender")
        }
    }

    private static func response(_ reply: Reply) -> Response {
        switch reply {
        case .page(let page): return response(page)
        case .redirect(let address, let cookie):
            var response = response(.onward)
            response.status = .seeOther
            response.headers[.location] = address
            // Scripts never see it, and another site's page cannot make a browser send it but by going here.
            response.headers[.setCookie] =
                "\(cookieName)=\(cookie.reveal()); Path=/; HttpOnly; SameSite=Lax; Max-Age=600"
            return response
        }
    }

    private static func response(_ page: CallbackPage) -> Response {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        // The address holds the code: nobody may learn it from us, and nothing is loaded or run.
        let rules = [
            "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ]
        for (name, value) in rules {
            if let name = HTTPFields.Element.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: page.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html))
        )
    }

    private func explained(_ error: any Error) -> any Error {
        guard let code = (error as? IOError)?.errnoCode else { return error }
        switch Errno(rawValue: code) {
        case .addressInUse:
            return CommandFailure(
                69,
                "port \(port) is in use by another program; end that one, or choose another port with --port and add "
                    + "http://localhost:<port>/callback to your application's OAuth Redirect URLs"
            )
        case let code:
            return CommandFailure(
                69,
                "cannot wait for the browser on port \(port): \(code); choose another with --port"
            )
        }
    }

    /// The page that ends a login is on its way when the login is over: a server that stops at once may cut it off.
    private static let lastPage = Duration.milliseconds(300)

    private static var hasIPv6: Bool {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.contains { $0.address?.ipAddress == "::1" }
    }

    /// What matters is thrown or shown; requests hold codes.
    private static var silent: Logger { Logger(label: "collector.callback") { _ in SwiftLogNoOpLogHandler() } }
}

/// A request and the connection it came by, whose other end is somebody's.
private struct LoginRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
