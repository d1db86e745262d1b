import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

/// A person in front of a browser, as far as forms, redirects and cookies go.
final class Browser: Sendable {
    struct Page: Sendable {
        var url: String
        var status: UInt
        var html: String
    }

    /// Never shut down: it lives as long as the tests.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// By host, whatever the port, as browsers keep them.
    private let cookies = Mutex<[String: [String: String]]>([:])

    /// Opens an address and follows where it leads.
    func open(_ url: String) async throws -> Page {
        try await load(HTTPClientRequest(url: url))
    }

    /// Presses a button of the page's form, as another person where `login` is given.
    func press(_ decision: String, on page: Page, as login: String? = nil) async throws -> Page {
        var fields: [(String, String)] = []
        for input in page.html.matches(of: /<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/) {
            let name = String(input.1)
            fields.append((name, name == "login" ? login ?? String(input.2) : String(input.2)))
        }
        fields.append(("decision", decision))
        let action = page.html.firstMatch(of: /<form[^>]*action="([^"]*)"/).map { String($0.1) } ?? ""
        let target = URL(string: action, relativeTo: URL(string: page.url))?.absoluteString ?? action
        var request = HTTPClientRequest(url: target)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        let body = fields.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: body))
        return try await load(request)
    }

    private func load(_ first: HTTPClientRequest) async throws -> Page {
        var request = first
        for _ in 0..<10 {
            let url = try #require(URL(string: request.url))
            let host = try #require(url.host)
            let known = cookies.withLock { $0[host] ?? [:] }
            if !known.isEmpty {
                let text = known.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
                request.headers.replaceOrAdd(name: "cookie", value: text)
            }
            let response = try await Self.client.execute(request, timeout: .seconds(60))
            for header in response.headers["set-cookie"] {
                let parts = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                cookies.withLock { $0[host, default: [:]][String(parts[0])] = String(parts[1]) }
            }
            let html = String(buffer: try await response.body.collect(upTo: 1 << 20))
            guard (301...303).contains(response.status.code), let next = response.headers.first(name: "location"),
                let target = URL(string: next, relativeTo: url)?.absoluteString
            else { return Page(url: request.url, status: response.status.code, html: html) }
            request = HTTPClientRequest(url: target)
        }
        throw TooManyRedirects()
    }

    private struct TooManyRedirects: Error {}

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
