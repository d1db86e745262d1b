import EventBus
import Foundation
import TestSupport
import Testing

@testable import collector

struct KeysTests {
    @Test func `the report says what was made, what was kept, and what to copy where`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = KeyDirectory(directory + "/keys")
            let key = try #require(try keys.make("writer"))
            var report = KeysReport(directory: keys.path)
            report.add("writer", .made(key))
            report.add("irc-gateway", .kept)
            let fingerprint = try #require(KeyFingerprint.of(key))
            #expect(report.text.contains("writer       new       \(fingerprint)"))
            #expect(report.text.contains("irc-gateway  kept"))
            #expect(report.text.contains("everybody's *.pub"))
            #expect(!report.text.contains("Replaced:"))
            report.add("collector", .replaced(key))
            #expect(report.text.contains("Replaced: restart collector"))
        }
    }

    @Test func `the table shows public keys, which secrets are here, and what cannot be used`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = KeyDirectory(directory)
            let names = ["collector", "irc-gateway", "writer"]
            for name in names { try keys.make(name) }
            try FileManager.default.removeItem(atPath: keys.keyFile("writer"))
            let good = KeysTable(keys, keys.allNames())
            #expect(good.faults.isEmpty)
            #expect(good.text.split(separator: "\n").count == 4)
            #expect(try good.text.contains(keys.publicKey("writer") + "  elsewhere"))
            for name in ["collector", "irc-gateway"] {
                let secret = try String(contentsOfFile: keys.keyFile(name), encoding: .utf8)
                    .split(separator: "\n").last?.split(separator: " ").last
                #expect(try !good.text.contains(#require(secret)))
            }

            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys.keyFile("collector"))
            try FileManager.default.removeItem(atPath: keys.publicFile("irc-gateway"))
            try FileManager.default.copyItem(
                atPath: keys.publicFile("collector"),
                toPath: keys.publicFile("irc-gateway")
            )
            let bad = KeysTable(keys, keys.allNames())
            #expect(bad.faults.count == 2)
            #expect(bad.faults[0].contains("chmod 600"))
            #expect(bad.faults[1].contains("collector keys generate irc-gateway"))
        }
    }
}
