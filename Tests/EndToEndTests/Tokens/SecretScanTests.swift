import Foundation
import ServiceRuntime
import TestSupport
import Testing
import TokenStore

/// Nobody but the token file and Twitch ever sees a token.
@Suite(.serialized) struct SecretScanTests {
    @Test func `no log, page, metric, argument, journal or row holds a secret`() async throws {
        try await Stack.with { stack in
            var secrets = Secrets()
            let loud = Stack.application.merging(["LOG_LEVEL": "trace"]) { $1 }
            try await stack.logIn()
            secrets.learn(try TokenFile(directory: stack.state).read())
            try stack.startWriter(loud)
            try await stack.startReadyTokenService(loud)
            try stack.startGateway(loud)
            try stack.startPoller(loud)
            let tap = try stack.collector(["tap", "--format", "json"])
            try await stack.reads(as: "harborlog")
            _ = try await stack.control.burst(stack.channels, 100)

            // A refresh, a rejection, trouble with its answer, a login that is over, and an answer that fails.
            try await stack.control.post("oauth/expire", ["login": "harborlog"])
            try await stack.control.post(
                "faults/oauth",
                ["endpoint": "token", "grant_type": "refresh_token", "status": 503]
            )
            try await stack.control.inflict("close")
            try await eventually("refreshed", within: .seconds(300)) {
                try await stack.refreshes().contains { $0.status == 200 }
            }
            try await eventually("stored") { secrets.learn(try TokenFile(directory: stack.state).read()) }
            try await scan(stack, secrets)
            try await stack.control.post("oauth/revoke", ["login": "harborlog"])
            try await stack.control.inflict("close")
            try await stack.reads(as: "justinfan")
            for arguments in [["auth", "status"], ["auth", "status", "--json"], ["status"], ["auth", "logout"]] {
                _ = try await stack.collector(arguments).exitCode()
            }
            tap.send(SIGINT)
            _ = try await tap.exitCode()
            try await scan(stack, secrets)
            // A confidential client keeps its refresh token.
            #expect(secrets.texts.count == 4, "two access tokens, a refresh token and the client secret")
        }
    }

    /// Looks for every secret in everything that others may read.
    private func scan(_ stack: Stack, _ secrets: Secrets) async throws {
        var found: [String] = []
        for service in [stack.gateway, stack.poller, stack.tokenService, stack.writer].compactMap(\.self) {
            let arguments = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(service.pid)/cmdline"))
            if secrets.areIn(arguments) { found.append("arguments of \(service.name)") }
            for path in ["metrics", "health/ready"] {
                let body = try await Readiness.page(path, of: service, stateDirectory: stack.state)
                if secrets.areIn(Data(body.utf8)) { found.append("\(path) of \(service.name)") }
            }
        }
        let files = FileManager.default.enumerator(atPath: stack.directory)?.compactMap { $0 as? String } ?? []
        var seen = 0
        for file in files where !file.hasSuffix("tokens.json") {
            guard let content = try? Data(contentsOf: URL(fileURLWithPath: stack.directory + "/" + file)) else {
                continue
            }
            seen += 1
            if secrets.areIn(content) { found.append(file) }
        }
        #expect(seen > 10, "logs, journals and the database were looked at")
        #expect(found.isEmpty)
    }
}

/// Everything that must not be seen.
private struct Secrets {
    private(set) var texts: Set<String> = ["simulator-secret"]

    /// Remembers the pair of a token file. Whether it was a new one.
    @discardableResult
    mutating func learn(_ tokens: StoredTokens?) -> Bool {
        let pair = [tokens?.user?.accessToken, tokens?.user?.refreshToken].compactMap { $0?.reveal() }
        defer { texts.formUnion(pair) }
        return !pair.isEmpty && !texts.isSuperset(of: pair)
    }

    func areIn(_ data: Data) -> Bool {
        texts.contains { data.range(of: Data($0.utf8)) != nil }
    }
}
