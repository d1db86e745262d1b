import Foundation
import TestSupport
import Testing
import TokenStore

/// Tokens at work: real services, and a Twitch that takes them away.
@Suite(.serialized) struct TokenUseTests {
    @Test func `a token that expires costs one refresh, and no message`() async throws {
        try await Stack.with { stack in
            try await stack.logIn()
            try stack.startWriter()
            try await stack.startReadyTokenService()
            try stack.startGateway()
            try await stack.reads(as: "harborlog")
            var offered = try await stack.control.burst(stack.channels, 500).ids

            try await stack.control.post("oauth/expire", ["login": "harborlog"])
            // A running connection outlives its token; Twitch asks for another one, which has to do without.
            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 60_000])
            try await eventually("one refresh") { try await stack.refreshes().count == 1 }
            // Anonymously, or with the new token where that was quicker.
            try await stack.reads(as: "")
            offered.formUnion(try await stack.control.burst(stack.channels, 500).ids)

            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 60_000])
            try await stack.reads(as: "harborlog")
            offered.formUnion(try await stack.control.burst(stack.channels, 500).ids)
            try await stack.expectStored(offered)
            #expect(try await stack.refreshes().map(\.status) == [200])
            let ready = await Readiness.of(try #require(stack.tokenService), stateDirectory: stack.state)
            #expect(ready?.status == 200)
        }
    }

    @Test func `a login that was taken away leaves anonymous reading and one clear line, until somebody logs in`()
        async throws
    {
        try await Stack.with { stack in
            try await stack.logIn()
            try stack.startWriter()
            try await stack.startReadyTokenService()
            try stack.startGateway()
            try await stack.reads(as: "harborlog")
            var offered = try await stack.control.burst(stack.channels, 300).ids

            try await stack.control.post("oauth/revoke", ["login": "harborlog"])
            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 60_000])
            try await stack.reads(as: "justinfan")
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            let service = try #require(stack.tokenService)
            try await eventually("the service says what to do: \(service.errorOutput)") {
                service.errorOutput.contains("collector auth login")
            }
            let errors = service.errorOutput.split(separator: "\n").filter { $0.contains("\"level\":\"error\"") }
            #expect(errors.count == 1, "\(errors)")
            try await eventually("it is not ready") {
                await Readiness.of(service, stateDirectory: stack.state)?.status == 503
            }
            let gateway = try #require(stack.gateway)
            try await eventually("the gateway is ready all the same, and says that it reads anonymously") {
                let ready = await Readiness.of(gateway, stateDirectory: stack.state)
                return ready?.status == 200 && ready?.body.contains("\"detail\":\"anonymous") == true
            }
            let status = try stack.collector(["auth", "status"])
            let code = try await status.exitCode()
            #expect(code == 77 && status.output.contains("collector auth login"), "\(status.output)")

            try await stack.logIn()
            try await eventually("it is ready again") {
                await Readiness.of(service, stateDirectory: stack.state)?.status == 200
            }
            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 60_000])
            try await stack.reads(as: "harborlog")
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await stack.expectStored(offered)
            #expect(try await stack.refreshes().count == 1, "a refused token is not sent twice")
        }
    }

    @Test func `the order of starts and restarts does not matter`() async throws {
        try await Stack.with { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.reads(as: "justinfan")
            var offered = try await stack.control.burst(stack.channels, 200).ids
            try stack.startTokenService(Stack.application)
            try await stack.logIn()
            try await eventually("the gateway knows the token") {
                stack.gateway?.errorOutput.contains("login: harborlog") == true
            }
            #expect(try await stack.nicks().allSatisfy { $0.hasPrefix("justinfan") }, "nothing is dropped for it")
            try await stack.control.inflict("reconnect", ["close_after_milliseconds": 60_000])
            try await stack.reads(as: "harborlog")

            // Without the service the gateway goes on with what it knows.
            try await stack.tokenService?.killNow()
            try await stack.control.inflict("close")
            try await stack.reads(as: "harborlog")
            try await stack.startReadyTokenService()
            try await stack.control.post("oauth/expire", ["login": "harborlog"])
            try await stack.control.inflict("close")
            try await eventually("the new service hears the rejection") { try await stack.refreshes().count == 1 }
            try await stack.joined()
            offered.formUnion(try await stack.control.burst(stack.channels, 200).ids)
            try await stack.expectStored(offered)
        }
    }

    @Test func `a gateway that starts beside a login waits a moment for its token`() async throws {
        try await Stack.with { stack in
            try await stack.logIn()
            try stack.startTokenService(Stack.application)
            try stack.startGateway()
            try await stack.reads(as: "harborlog")
        }
        try await Stack.with { stack in
            try await stack.logIn()
            try stack.startGateway()
            try await stack.reads(as: "justinfan")
        }
    }
}
