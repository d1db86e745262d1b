import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Protocol
import ServiceLifecycle
import TwitchAPI

/// A recent-messages API: `GET <url>/<login>?limit=&after=&before=`, lines as a JSON array.
struct HTTPHistory: History {
    /// More than any answer of `BackfillTiming.limit` lines.
    private static let maximumBytes = 16 << 20

    let base: APIBaseURL
    let client: HTTPClient
    let patience: Duration

    var source: String { base.authority }

    func lines(of login: String, _ request: HistoryRequest) async throws(HistoryFailure) -> HistoryAnswer {
        let status: UInt
        let retryAfter: Duration?
        let body: Data
        do {
            let response = try await client.execute(message(login, request), timeout: .init(patience))
            status = response.status.code
            retryAfter = response.headers.first(name: "retry-after").flatMap { Int($0) }.map { .seconds(max(0, $0)) }
            body = Data(try await response.body.collect(upTo: Self.maximumBytes).readableBytesView)
        } catch {
            throw .unavailable(TransportFailure(error).reason, retryAfter: nil)
        }
        let answer = try? JSONDecoder().decode(Body.self, from: body)
        switch status {
        case 200:
            guard let answer else { throw .refused("the answer cannot be read") }
            return HistoryAnswer(messages: answer.messages ?? [], errorCode: answer.errorCode.map(Self.word))
        case 408, 429, 500...:
            throw .unavailable("\(status)", retryAfter: retryAfter)
        default:
            throw .refused(answer?.errorCode.map(Self.word) ?? "\(status)")
        }
    }

    private func message(_ login: String, _ request: HistoryRequest) -> HTTPClientRequest {
        var query = "limit=\(request.limit)"
        if let after = request.after { query += "&after=\(after.rawValue)" }
        if let before = request.before { query += "&before=\(before.rawValue)" }
        var message = HTTPClientRequest(url: "\(base)/\(login)?\(query)")
        message.headers.add(name: "User-Agent", value: "twitch-chat-collector")
        message.headers.add(name: "Accept", value: "application/json")
        return message
    }

    /// A code as it may be shown and stored: it comes from a stranger.
    private static func word(_ code: String) -> String {
        String(
            code.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 && $0.value < 0x7F }.map(Character.init).prefix(
                60
            )
        )
    }

    private struct Body: Decodable {
        var messages: [String]?
        var errorCode: String?

        /// What is no text among the lines is left out: it must not hide the others.
        private struct Line: Decodable {
            var text: String?

            init(from decoder: any Decoder) {
                text = try? decoder.singleValueContainer().decode(String.self)
            }
        }

        init(from decoder: any Decoder) throws {
            let body = try decoder.container(keyedBy: CodingKeys.self)
            messages = try body.decodeIfPresent([Line].self, forKey: .messages)?.compactMap(\.text)
            errorCode = try? body.decodeIfPresent(String.self, forKey: .errorCode)
        }

        enum CodingKeys: String, CodingKey {
            case messages
            case errorCode = "error_code"
        }
    }
}

/// The HTTP client, shut down when everything that uses it has stopped.
final class HistoryConnection: Service {
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .twitchAPI)

    func run() async throws {
        try? await gracefulShutdown()
        try await client.shutdown()
    }
}
