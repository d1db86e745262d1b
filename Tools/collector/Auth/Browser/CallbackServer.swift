import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage

/// Answers the browser that Twitch sends back, on this machine's loopback addresses only.
struct CallbackServer: Sendable {
    var port: Int
    /// Decides about the query of a callback; the browser waits for the page.
    var answer: @Sendable ([String: String]) async -> CallbackPage

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
        let router = Router()
        router.get("callback") { request, _ in
            // A form encodes a space as "+", which a URI does not.
            let query = request.uri.queryParameters.reduce(into: [String: String]()) { query, parameter in
                query[String(parameter.key)] = String(parameter.value).replacing("+", with: " ")
            }
            return Self.response(await answer(query))
        }
        router.get("**") { _, _ in Self.response(.unknown) }
        return Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "collector"),
            onServerRunning: { _ in bound.open() },
            logger: Self.silent
        )
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
