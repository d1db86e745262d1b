import Foundation
import TestSupport
import Testing

/// Twitch cannot be reached: nothing ends, one line says why, and it goes on by itself.
@Suite(.serialized) struct UnreachableChatTests {
    @Test(arguments: [
        ("ws://127.0.0.1:1", "connection refused"),
        ("wss://no-such-host.invalid", "the name cannot be resolved"),
    ])
    func `a server that cannot be reached is said once and waited for`(_ url: String, _ cause: String) async throws {
        try await withTemporaryDirectory { directory in
            let gateway = try RunningProgram(
                "irc-gateway",
                environment: [
                    "CHANNELS": "quietharbor", "HTTP_PORT": "0", "TWITCH_IRC_URL": url,
                    "STATE_DIR": directory + "/state",
                    "LOG_LEVEL": "debug", "IRC_CONNECT_INTERVAL": "50ms",
                ],
                in: directory
            )
            try await eventually("two attempts failed; it said: \(gateway.errorOutput.suffix(500))") {
                gateway.errorOutput.components(separatedBy: "cannot be reached").count > 2
            }
            let warnings = gateway.warnings
            #expect(warnings.count == 1, "\(warnings)")
            #expect(warnings.first?.contains(cause) == true, "\(warnings)")
            try await eventually("readiness says why") {
                let readiness = await Readiness.of(gateway, stateDirectory: directory + "/state")
                return readiness?.status == 503 && readiness?.body.contains(cause) == true
            }
            #expect(gateway.isRunning)
            let clock = ContinuousClock()
            let begin = clock.now
            let status = try await gateway.stop()
            #expect(status == 0)
            #expect(clock.now - begin < .seconds(5))
        }
    }

    @Test func `a certificate that is not trusted is said once, and one's own authority can be named`() async throws {
        try await withTemporaryDirectory { directory in
            let (certificate, key) = ("\(directory)/certificate.pem", "\(directory)/key.pem")
            let openssl = try RunningProgram(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key,
                ],
                in: directory
            )
            let made = try await openssl.exitCode()
            try #require(made == 0, "\(openssl.errorOutput)")
            try await Stack.with(
                channels: ["quietharbor"],
                simulator: ["--tls-certificate", certificate, "--tls-key", key]
            ) { stack in
                try stack.startGateway(["IRC_CONNECT_INTERVAL": "50ms", "LOG_LEVEL": "debug"])
                let gateway = try #require(stack.gateway)
                try await eventually("two attempts failed; it said: \(gateway.errorOutput.suffix(500))") {
                    gateway.errorOutput.components(separatedBy: "cannot be reached").count > 2
                }
                let warnings = gateway.warnings
                #expect(warnings.count == 1, "\(warnings)")
                #expect(warnings.first?.contains("the certificate is not trusted") == true, "\(warnings)")
                let status = try await gateway.stop()
                #expect(status == 0)
                try stack.startGateway(["TWITCH_IRC_CA_FILE": certificate])
                try await stack.joined()
                try stack.startWriter()
                try await stack.expectStored(try await stack.control.burst(stack.channels, 500).ids)
            }
        }
    }
}

extension RunningProgram {
    /// Log records of level warning or worse.
    var warnings: [String] {
        errorOutput.split(separator: "\n").map(String.init).filter { line in
            ["warning", "error", "critical"].contains { line.contains("\"level\":\"\($0)\"") }
        }
    }
}
