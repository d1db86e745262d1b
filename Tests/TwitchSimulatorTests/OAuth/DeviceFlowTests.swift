import Testing

@testable import twitch_simulator

@Suite struct DeviceFlowTests {
    private static func start(_ running: RunningSimulator, _ fields: [String: String]) async throws -> DeviceAnswer {
        let answer = try await running.form("\(running.endpoints.auth)/device", fields)
        try #require(answer.status == 200, "\(answer.body)")
        return try RunningSimulator.decode(answer.body)
    }

    private static func poll(_ running: RunningSimulator, _ code: String, _ app: [String: String] = App.public)
        async throws -> Answer
    {
        try await running.token(app, ["grant_type": App.deviceGrantType, "device_code": code, "scopes": "chat:read"])
    }

    @Test(arguments: [("simulator-public", "?public=true&device-code="), ("simulator-client", "?device-code=")])
    func `a person approves on the page while the device polls`(_ client: String, _ query: String) async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let device = try await Self.start(running, ["client_id": client, "scopes": "chat:read user:read:chat"])
            #expect(device.expiresIn == 1800 && device.interval == 5)
            #expect(device.verificationUri == "\(running.endpoints.control)/activate\(query)\(device.userCode)")
            let pending = try await Self.poll(running, device.deviceCode, ["client_id": client])
            #expect(pending.status == 400)
            #expect(pending.body == #"{"message":"authorization_pending","status":400}"#)

            let page = try await running.fetch(device.verificationUri)
            #expect(page.body.contains(device.userCode) && page.body.contains("user:read:chat"))
            let form = ["device-code": device.userCode, "decision": "approve", "login": "harborlog"]
            #expect(try await running.form("\(running.endpoints.control)/activate", form).status == 200)

            time.advance(seconds: 5)
            let answer = try await Self.poll(running, device.deviceCode, ["client_id": client])
            let tokens: TokenAnswer = try RunningSimulator.decode(answer.body)
            #expect(tokens.scope == ["chat:read", "user:read:chat"])
            #expect(try await running.validate(tokens.accessToken).status == 200)
            // The code is used up, and so is the page.
            #expect(
                try await Self.poll(running, device.deviceCode, ["client_id": client]).body.contains("invalid device")
            )
            #expect(try await running.fetch(device.verificationUri).status == 404)
        }
    }

    @Test func `scope in the singular is not heard: the token comes without any`() async throws {
        try await withSimulator { running in
            let device = try await Self.start(running, ["client_id": "simulator-public", "scope": "chat:read"])
            _ = try await running.post("oauth/device/approve", #"{"user_code":"\#(device.userCode)","login":"a"}"#)
            let answer = try await Self.poll(running, device.deviceCode)
            #expect(!answer.body.contains("scope"))
            let tokens: TokenAnswer = try RunningSimulator.decode(answer.body)
            #expect(try await running.validate(tokens.accessToken).body.contains(#""scopes":null"#))
        }
    }

    @Test func `polling too fast is audited, and answered by slow_down only when told so`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let device = try await Self.start(running, App.public.merging(["scopes": "chat:read"]) { $1 })
            for (wait, isTooFast) in [(0.0, false), (5, false), (4, true), (5, false)] {
                time.advance(seconds: wait)
                #expect(try await Self.poll(running, device.deviceCode).body.contains("authorization_pending"))
                #expect(try await running.auditEntries().last?.tooFast == isTooFast)
            }
            _ = try await running.post("oauth/settings", #"{"slow_down":true}"#)
            time.advance(seconds: 4)
            #expect(try await Self.poll(running, device.deviceCode).body.contains("slow_down"))
            // The interval has grown by 5 s.
            time.advance(seconds: 9)
            #expect(try await Self.poll(running, device.deviceCode).body.contains("slow_down"))
            time.advance(seconds: 15)
            #expect(try await Self.poll(running, device.deviceCode).body.contains("authorization_pending"))
        }
    }

    @Test func `a denied device, an old code and a foreign one are fatal`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let app = App.public.merging(["scopes": "chat:read"]) { $1 }
            let denied = try await Self.start(running, app)
            _ = try await running.post("oauth/device/deny", #"{"user_code":"\#(denied.userCode)"}"#)
            let answer = try await Self.poll(running, denied.deviceCode)
            #expect(answer.body == #"{"message":"access_denied","status":400}"#)

            let device = try await Self.start(running, app)
            #expect(
                try await Self.poll(running, device.deviceCode, App.confidential).body.contains("invalid device code")
            )
            time.advance(seconds: 1800)
            #expect(try await Self.poll(running, device.deviceCode).body.contains("invalid device code"))
            #expect(
                try await running.post("oauth/device/approve", #"{"user_code":"\#(device.userCode)"}"#).status == 400
            )
        }
    }

    @Test func `only the long name of the grant type is known`() async throws {
        try await withSimulator { running in
            let device = try await Self.start(running, App.public.merging(["scopes": "chat:read"]) { $1 })
            let fields = ["grant_type": "device_code", "device_code": device.deviceCode]
            #expect(try await running.token(App.public, fields).body.contains("unsupported grant type"))
            let unknown = try await running.form("\(running.endpoints.auth)/device", ["client_id": "nobody"])
            #expect(unknown.body == #"{"message":"invalid client","status":400}"#)
        }
    }
}
