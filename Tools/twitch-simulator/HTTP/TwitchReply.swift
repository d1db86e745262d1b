import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What an HTTP request to the simulated Twitch comes to, with the faults that befall the answer.
struct TwitchReply: Sendable {
    var status: Int
    var contentType = "application/json"
    var body = Data()
    var headers: HTTPFields = [:]
    /// The answer leaves this much later. What was asked for is done at once.
    var delayMilliseconds: Int64 = 0
    /// The connection is cut instead of answering.
    var isDropped = false

    /// An answer in JSON.
    static func json(_ value: JSONValue, status: Int = 200) -> Self {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, whole numbers and lists of them always encode.
        let body = (try? encoder.encode(value)) ?? Data()
        return TwitchReply(status: status, body: body)
    }

    /// A page for a person.
    static func html(_ page: String, status: Int = 200) -> Self {
        TwitchReply(status: status, contentType: "text/html; charset=utf-8", body: Data(page.utf8))
    }

    /// Sends the browser elsewhere.
    static func redirect(to location: String) -> Self {
        TwitchReply(status: 302, contentType: "text/plain", headers: [.location: location])
    }

    /// Answers: waits, cuts the connection, or says it.
    func response(_ context: SimulatorRequestContext) async throws -> Response {
        if self.delayMilliseconds > 0 { try await Task.sleep(for: .milliseconds(self.delayMilliseconds)) }
        if self.isDropped { try? await context.channel.close().get() }
        var headers = self.headers
        if !self.body.isEmpty { headers[.contentType] = self.contentType }
        return Response(
            status: HTTPResponse.Status(code: self.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: self.body))
        )
    }
}
