import Foundation
import NIOSSL
import TestSupport
import Testing
import TwitchChat

@testable import irc_gateway

@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    func context() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(LocalCertificate.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(LocalCertificate.privateKey.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `a trusted certificate for the right name is accepted`(host: String) async throws {
        try await withTemporaryDirectory { directory in
            let roots = directory + "/roots.pem"
            try LocalCertificate.certificate.write(toFile: roots, atomically: true, encoding: .utf8)
            try await ScriptedTwitch.running(tls: context()) { twitch in
                var settings = Gateway.Settings()
                settings.trustRoots = roots
                let gateway = try Gateway("wss://\(host):\(twitch.port)", ["alpha"], in: directory, settings)
                try await gateway.running {
                    try await eventually("joined over TLS") { gateway.starts.count == 1 }
                }
            }
        }
    }

    @Test func `a certificate that nobody vouches for is refused with a clear line`() async throws {
        try await ScriptedTwitch.running(tls: context()) { twitch in
            let client = try WebSocketClient(WebSocketEndpoint("wss://localhost:\(twitch.port)"))
            let end = await #expect(throws: ConnectionEnd.self) { _ = try await client.connect() }
            #expect(end == .tls("the certificate is not trusted; TWITCH_IRC_CA_FILE names an authority of your own"))
        }
    }

    @Test func `a server without TLS is told apart`() async throws {
        try await ScriptedTwitch.running { twitch in
            let client = try WebSocketClient(WebSocketEndpoint("wss://localhost:\(twitch.port)"))
            let end = await #expect(throws: ConnectionEnd.self) { _ = try await client.connect() }
            #expect(end?.label == "tls")
        }
    }

    @Test func `nobody listening is one clear line`() async throws {
        let client = try WebSocketClient(WebSocketEndpoint("ws://127.0.0.1:1"))
        let end = await #expect(throws: ConnectionEnd.self) { _ = try await client.connect() }
        #expect(end?.label == "unreachable")
        #expect(end?.explanation.contains("refused") == true)
    }
}
