import Foundation
import ServiceRuntime
import Testing

@testable import TwitchAPI

/// A server that also succeeds strangely: each field of each answer is sent as everything that it must not be.
@Suite struct HostileOAuthTests {
    private static let lives = Duration.seconds(1) ... .seconds(315_360_000)

    private static func isPlain(_ secret: Secret) -> Bool {
        secret.reveal().utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"'\\#`$".utf8.contains($0) }
    }

    @Test func `a grant is what can be used, and a strange field takes no other one down`() throws {
        let members = [
            ("access_token", "\"new-access\""), ("refresh_token", "\"new-refresh\""), ("expires_in", "14400"),
            ("scope", "[\"chat:read\"]"), ("token_type", "\"bearer\""),
        ]
        for (name, json) in HostileJSON.variants(of: members) {
            let grant = try? JSONDecoder().decode(TokenGrant.self, from: Data(json.utf8))
            guard let grant else {
                // An access token that cannot be used is no grant; a number beyond all bounds may be no JSON.
                #expect(
                    name == "access_token" || json.contains("1e400") || json.contains("\\ud800"),
                    "\(json.prefix(200))"
                )
                continue
            }
            #expect(
                Self.isPlain(grant.accessToken) && grant.refreshToken.map(Self.isPlain) ?? true,
                "\(json.prefix(200))"
            )
            #expect(grant.expiresIn.map(Self.lives.contains) ?? true, "\(json.prefix(200))")
            if name != "access_token" { #expect(grant.accessToken.reveal() == "new-access") }
            if name != "expires_in" { #expect(grant.expiresIn == .seconds(14_400)) }
            if name != "refresh_token" { #expect(grant.refreshToken?.reveal() == "new-refresh") }
            #expect(grant.scopes.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        }
    }

    @Test func `a validation tells what makes sense, and nothing of the rest`() throws {
        let members = [
            ("client_id", "\"our-client\""), ("login", "\"harborlog\""), ("user_id", "\"700100100\""),
            ("scopes", "[\"chat:read\"]"), ("expires_in", "14400"),
        ]
        for (name, json) in HostileJSON.variants(of: members) {
            let validation = try? JSONDecoder().decode(TokenValidation.self, from: Data(json.utf8))
            guard let validation else {
                #expect(json.contains("1e400") || json.contains("\\ud800"), "\(json.prefix(200))")
                continue
            }
            #expect(validation.expiresIn.map(Self.lives.contains) ?? true)
            #expect(validation.login.map(HelixClient.isLogin) ?? true)
            if name != "expires_in" { #expect(validation.expiresIn == .seconds(14_400)) }
            if name != "login" { #expect(validation.login == "harborlog") }
            if name != "scopes" { #expect(validation.scopes == ["chat:read"]) }
        }
    }

    @Test(
        arguments: [
            ("0", nil), ("null", nil), ("-5", nil), ("\"soon\"", nil), ("0.4", nil), ("9223372036854775807", nil),
            ("1e30", nil), ("9223372036854776", nil), ("14400", 14_400), ("14400.9", 14_400), ("\"14400\"", 14_400),
            ("1", 1),
        ] as [(String, Int?)]
    )
    func `a life that is not known is not one of zero seconds`(json: String, seconds: Int?) throws {
        let life: Duration? = seconds.map { .seconds($0) }
        let grant = #"{"access_token":"a","expires_in":\#(json)}"#
        #expect(try JSONDecoder().decode(TokenGrant.self, from: Data(grant.utf8)).expiresIn == life)
        let validation = #"{"client_id":"c","expires_in":\#(json)}"#
        #expect(try JSONDecoder().decode(TokenValidation.self, from: Data(validation.utf8)).expiresIn == life)
    }

    @Test func `a device's answer keeps its times within bounds`() throws {
        let members = [
            ("device_code", "\"code\""), ("user_code", "\"ABCD\""), ("verification_uri", "\"https://example.com/a\""),
            ("interval", "5"), ("expires_in", "1800"),
        ]
        for (name, json) in HostileJSON.variants(of: members) {
            guard let device = try? JSONDecoder().decode(DeviceAuthorization.self, from: Data(json.utf8)) else {
                let isNeeded = ["device_code", "user_code", "verification_uri"].contains(name)
                #expect(isNeeded || json.contains("1e400") || json.contains("\\ud800"), "\(json.prefix(200))")
                continue
            }
            #expect((.seconds(1) ... .seconds(300)).contains(device.interval))
            #expect((.seconds(1) ... .seconds(86_400)).contains(device.expiresIn))
            #expect(device.verificationURI.hasPrefix("http"))
        }
    }

    @Test func `a success that cannot be read leaves open what happened`() async throws {
        for text in HostileJSON.texts {
            try await ScriptedServer.with([.respond(200, text), .respond(200, text)]) { client, _ in
                let refresh = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("r")) }
                #expect(refresh?.code == .transient && refresh?.isAmbiguous == true)
                let validate = await #expect(throws: OAuthError.self) { try await client.validate(Secret("a")) }
                #expect(validate?.code == .transient)
            }
        }
    }

    @Test func `another success than 200 is one`() async throws {
        let grant = #"{"access_token":"new-access","refresh_token":"new-refresh"}"#
        try await ScriptedServer.with([.respond(201, grant), .respond(204, "")]) { client, _ in
            let created = try await client.refresh(Secret("r"))
            #expect(created.accessToken.reveal() == "new-access")
            let empty = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("r")) }
            #expect(empty?.isAmbiguous == true)
        }
    }

    @Test func `an answer that is cut off, or of another kind, is no answer`() async throws {
        let body = #"{"client_id":"our-client","expires_in":14400}"#
        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n\(body)"
        let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<h1>Hi</h1>\r\n"
        try await ScriptedServer.with([.raw(cut), .raw(html), .raw("SSH-2.0-OpenSSH\r\n"), .raw("HTTP/1.1 200 OK\r\n")])
        {
            client,
            _ in
            for _ in 0..<4 {
                let error = await #expect(throws: OAuthError.self) { try await client.validate(Secret("a")) }
                #expect(error?.code == .transient)
            }
        }
    }

    @Test(
        arguments: [
            ("120", 120), ("0", 0), ("86400", 3600), ("99999999999999999999999", 3600),
            ("Sun, 29 Nov 2026 12:02:00 GMT", 120),
            ("Sun, 29 Nov 2026 11:00:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600), ("-5", nil), ("1.5", nil),
            ("soon", nil), ("", nil), ("Sun, 29 Nov 0000 12:00:00 GMT", 0), ("120, 5", nil),
        ] as [(String, Int?)]
    )
    func `Retry-After is read in both forms, by the server's own clock, and bounded`(
        header: String,
        seconds: Int?
    ) async throws {
        let answer =
            "HTTP/1.1 503 X\r\nretry-after: \(header)\r\ndate: Sun, 29 Nov 2026 12:00:00 GMT\r\ncontent-length: 0\r\n\r\n"
        try await ScriptedServer.with([.raw(answer)]) { client, _ in
            let error = await #expect(throws: OAuthError.self) { try await client.refresh(Secret("r")) }
            #expect(error?.retryAfter == seconds.map { .seconds($0) })
            #expect(error?.isAmbiguous == false)
        }
    }
}
