package import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import ServiceRuntime
import Synchronization

/// One GET at a time to Helix: identified, paced by the rate limit, and tried again where that can help.
package struct HelixTransport: Sendable {
    /// What happened to one request on the wire: for metrics.
    package struct Observation: Sendable {
        /// `users`, `streams` or `channels`.
        package var endpoint: String
        /// The status, or `timeout`, or `network`.
        package var outcome: String
        /// Points left in the rate limit; nil where Twitch did not say.
        package var pointsLeft: Int?
    }

    /// Answers are some hundred kilobytes at most.
    private static let largestAnswer = 4 << 20

    private let http: HTTPClient
    private let baseURL: String
    private let tokens: any AccessTokenSource
    let timing: HelixTiming
    private let observe: @Sendable (Observation) -> Void
    private let buckets = Buckets()

    package init(
        http: HTTPClient,
        baseURL: APIBaseURL,
        tokens: any AccessTokenSource,
        timing: HelixTiming,
        observe: @escaping @Sendable (Observation) -> Void
    ) {
        self.http = http
        self.baseURL = baseURL.description
        self.tokens = tokens
        self.timing = timing
        self.observe = observe
    }

    /// The body of a 200.
    func get(_ endpoint: String, _ query: [(name: String, value: String)]) async throws(HelixError) -> Data {
        let url =
            "\(baseURL)/\(endpoint)?" + query.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
        var backoff = Backoff(base: timing.firstBackoff, cap: timing.longestBackoff)
        var failures = 0
        var waits = 0
        var rejections = 0
        while true {
            guard let credentials = await tokens.credentials() else { throw .noToken }
            try await turn(credentials.kind)
            let answer = await send(endpoint, url, credentials)
            let failure: HelixError
            switch answer {
            case .status(200, let body): return body
            case .status(401, let body):
                let message = Self.message(body, credentials)
                if Self.isAboutPermission(ErrorBody(body, hiding: []).unredacted) {
                    throw .forbidden(status: 401, message: message)
                }
                rejections += 1
                try await replace(credentials, message: message, isLast: rejections > 1)
                continue
            case .status(429, _):
                waits += 1
                guard waits <= timing.rateLimitWaits else { throw .rateLimited }
                continue
            case .status(403, let body): throw .forbidden(status: 403, message: Self.message(body, credentials))
            case .status(408, let body): failure = .unavailable(status: 408, message: Self.message(body, credentials))
            case .status(let status, let body) where status >= 500:
                failure = .unavailable(status: status, message: Self.message(body, credentials))
            case .status(let status, let body):
                throw .badRequest(status: status, message: Self.message(body, credentials))
            case .nothing(let reason): failure = .unreachable(reason: reason)
            }
            failures += 1
            guard failures < timing.attempts else { throw failure }
            try await sleep(backoff.next())
        }
    }

    /// Tells that a token was refused, unless somebody did already, and waits for another.
    private func replace(
        _ credentials: HelixCredentials,
        message: String,
        isLast: Bool
    ) async throws(HelixError) {
        if await tokens.credentials() == credentials {
            await tokens.rejected(credentials, reason: "401 from Helix")
        }
        guard !isLast, await tokens.replacement(of: credentials, within: timing.tokenWait) != nil else {
            throw .unauthorized(message: message)
        }
    }

    /// Waits until the rate limit has room for one more request.
    private func turn(_ kind: String) async throws(HelixError) {
        while let wait = buckets.change(kind, { $0.take(at: timing.uptime()) }) {
            try await sleep(wait)
        }
    }

    private func sleep(_ duration: Duration) async throws(HelixError) {
        do { try await timing.sleep(duration) } catch { throw .cancelled }
    }
}

// MARK: - On the wire

extension HelixTransport {
    private enum Answer {
        case status(Int, Data)
        /// No answer; the reason is one line.
        case nothing(String)
    }

    private static func request(_ url: String, _ credentials: HelixCredentials) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Client-Id", value: credentials.clientID)
        request.headers.add(name: "Authorization", value: "Bearer \(credentials.token.reveal())")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "twitch-chat-collector")
        return request
    }

    private func send(_ endpoint: String, _ url: String, _ credentials: HelixCredentials) async -> Answer {
        let request = Self.request(url, credentials)
        defer { buckets.change(credentials.kind) { $0.ended() } }
        do {
            // The deadline is for the whole answer, body included.
            let (head, body) = try await withDeadline {
                let response = try await http.execute(request, timeout: .nanoseconds(Self.nanoseconds(timing.timeout)))
                return (response, try await response.body.collect(upTo: Self.largestAnswer))
            }
            let status = Int(head.status.code)
            note(head.headers, status: status, kind: credentials.kind)
            observe(Observation(endpoint: endpoint, outcome: "\(status)", pointsLeft: buckets.left(credentials.kind)))
            return .status(status, Data(body.readableBytesView))
        } catch {
            let reason = Self.reason(error, after: timing.timeout)
            observe(Observation(endpoint: endpoint, outcome: reason.label, pointsLeft: nil))
            return .nothing(reason.text)
        }
    }

    private struct TimedOut: Error {}

    private func withDeadline<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await work() }
            group.addTask { [timeout = timing.timeout] in
                try await Task.sleep(for: timeout + .milliseconds(200))
                throw TimedOut()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw TimedOut() }
            return result
        }
    }

    private func note(_ headers: HTTPHeaders, status: Int, kind: String) {
        let limit = headers.first(name: "Ratelimit-Limit").flatMap { Int($0) }
        let remaining = headers.first(name: "Ratelimit-Remaining").flatMap { Int($0) }
        let reset = headers.first(name: "Ratelimit-Reset").flatMap { Int64($0) }
        // Unix time, counted from now on: a wall clock that is set while somebody waits must not make the wait longer.
        let now = timing.uptime()
        let resetAt = reset.map { seconds in
            (0...1_000_000_000_000).contains(seconds) ? now + (seconds * 1000 - timing.now()) : now
        }
        buckets.change(kind) { bucket in
            bucket.note(limit: limit, remaining: remaining, resetAt: resetAt, at: now)
            if status == 429 { bucket.exhausted(resetAt: resetAt, at: now) }
        }
    }

    private static func reason(_ error: any Error, after timeout: Duration) -> (label: String, text: String) {
        let timeouts: [HTTPClientError] = [.deadlineExceeded, .connectTimeout, .readTimeout]
        return switch error {
        case is TimedOut: ("timeout", "no answer within \(timeout)")
        case let error as HTTPClientError where timeouts.contains(error): ("timeout", "no answer within \(timeout)")
        case is CancellationError: ("cancelled", "the request was cancelled")
        default: ("network", TransportFailure(error).reason)
        }
    }

    private static func message(_ body: Data, _ credentials: HelixCredentials) -> String {
        ErrorBody(body, hiding: [credentials.token.reveal()]).message
    }

    /// Another token of the same application would be refused as well. Texts may change: what is not known is taken for
    /// an expired token, which is the common case.
    private static func isAboutPermission(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.hasPrefix("missing scope") || message.contains("do not match")
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        Int64(duration / .nanoseconds(1))
    }

    /// Percent-encodes everything but unreserved characters.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}

/// The rate limits by kind of token.
private final class Buckets: Sendable {
    private let buckets = Mutex<[String: RateLimitBucket]>([:])

    @discardableResult
    func change<Result: Sendable>(_ kind: String, _ body: (inout RateLimitBucket) -> Result) -> Result {
        buckets.withLock { body(&$0[kind, default: RateLimitBucket()]) }
    }

    func left(_ kind: String) -> Int? {
        buckets.withLock { $0[kind]?.left }
    }
}
