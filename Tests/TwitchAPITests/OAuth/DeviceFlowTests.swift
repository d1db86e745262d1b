import ServiceRuntime
import Testing

@testable import TwitchAPI

@Suite struct DeviceFlowTests {
    private static let device = DeviceAuthorization(
        deviceCode: Secret("the-device-code"),
        userCode: "JLLKTXWJ",
        verificationURI: "https://www.twitch.tv/activate?device-code=JLLKTXWJ",
        interval: .seconds(5),
        expiresIn: .seconds(1800)
    )

    @Test func `a device code is asked for with the scopes in Twitch's spelling`() async throws {
        let body = """
            {"device_code":"the-device-code","expires_in":1800,"interval":5,"user_code":"JLLKTXWJ",\
            "verification_uri":"https://www.twitch.tv/activate?device-code=JLLKTXWJ"}
            """
        try await ScriptedServer.with([.respond(200, body)], secret: nil) { client, server in
            let device = try await client.startDevice(scopes: ["chat:read"])
            #expect(device == Self.device)
            #expect(!"\(device)".contains("the-device-code"))
            #expect(
                server.requests.first?.hasSuffix("client_id=our-client&scopes=chat%3Aread") == true
            )
        }
    }

    @Test(arguments: [
        (400, #"{"status":400,"message":"authorization_pending"}"#, OAuthError.Code.pending),
        (400, #"{"status":400,"message":"slow_down"}"#, .slowDown),
        (400, #"{"status":400,"message":"invalid device code"}"#, .expired),
        (400, #"{"status":400,"message":"access_denied"}"#, .denied),
        (400, #"{"status":400,"message":"invalid client"}"#, .clientRefused),
        (400, #"{"status":400,"message":"something else"}"#, .refused),
        (500, "", .transient),
        (429, "", .transient),
    ])
    func `what a poll gets is sorted`(status: Int, body: String, code: OAuthError.Code) async throws {
        try await ScriptedServer.with([.respond(status, body)], secret: nil) { client, _ in
            let error = await #expect(throws: OAuthError.self) {
                try await client.pollDevice(Self.device, scopes: ["chat:read"])
            }
            #expect(error?.code == code)
            #expect(error?.isRetriable == [.pending, .slowDown, .transient].contains(code))
        }
    }

    @Test func `a poll sends the long grant type, and a scope-less grant is taken`() async throws {
        let body = #"{"access_token":"a","expires_in":14400,"refresh_token":"r","token_type":"bearer"}"#
        try await ScriptedServer.with([.respond(200, body)], secret: nil) { client, server in
            let grant = try await client.pollDevice(Self.device, scopes: ["chat:read"])
            #expect(grant.scopes == [])
            let request = try #require(server.requests.first)
            #expect(request.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"))
            #expect(request.contains("device_code=the-device-code"))
        }
    }
}
