import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Protocol
import ServiceRuntime

extension OAuthClient {
    /// The longest answer that is read. Real ones are below 1 KiB.
    private static let longestAnswer = 64 << 10

    func post(_ path: String, _ form: FormBody, hiding secrets: [Secret]) async throws(OAuthError) -> OAuthAnswer {
        var request = HTTPClientRequest(url: "\(self.baseURL)/\(path)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form.text))
        return try await self.send(request, path, hiding: secrets)
    }

    func get(_ path: String, token: Secret) async throws(OAuthError) -> OAuthAnswer {
        var request = HTTPClientRequest(url: "\(self.baseURL)/\(path)")
        request.headers.add(name: "authorization", value: "OAuth \(token.reveal())")
        return try await self.send(request, path, hiding: [token])
    }

    private func send(
        _ request: HTTPClientRequest,
        _ path: String,
        hiding secrets: [Secret]
    ) async throws(OAuthError) -> OAuthAnswer {
        var request = request
        request.headers.add(name: "accept", value: "application/json")
        // Requests are minutes or hours apart. A kept connection would often be dead by then, and a refresh that dies
        // with it leaves everybody guessing whether it arrived.
        request.headers.add(name: "connection", value: "close")
        let place = "\(self.baseURL.authority)/\(path)"
        do {
            let deadline = NIODeadline.now() + TimeAmount(self.timeout)
            let response = try await self.http.execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            let hidden = secrets + [self.clientSecret].compactMap { $0 }
            var answer = OAuthAnswer(status: Int(response.status.code), body: body, place: place, hiding: hidden)
            answer.retryAfter = RetryAfter.wait(
                response.headers.first(name: "retry-after"),
                date: response.headers.first(name: "date"),
                now: WallClock.system.now()
            )
            return answer
        } catch {
            let failure = TransportFailure(error)
            throw OAuthError(.transient, "\(place): \(failure.reason)", isAmbiguous: failure.wasSent)
        }
    }
}
