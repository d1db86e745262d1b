import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A person in front of a browser, as far as forms and redirects go.
struct Browser: Sendable {
    struct Page: Sendable {
        var url: String
        var status: UInt
        var html: String
    }

    private let client: HTTPClient

    init(_ client: HTTPClient = .shared) { self.client = client }

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

    private func load(_ request: HTTPClientRequest) async throws -> Page {
        let response = try await client.execute(request, timeout: .seconds(60))
        let html = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return Page(url: response.url?.absoluteString ?? request.url, status: response.status.code, html: html)
    }

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
