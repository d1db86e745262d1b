import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import ServiceRuntime

struct ServiceRuntimeTests {
    /// A runtime whose files are below `directory` and whose log is kept.
    private func runtime(
        in directory: String,
        environment: [String: String] = [:],
        log: CapturedLines = CapturedLines()
    ) throws -> ServiceRuntime {
        try ServiceRuntime.make(
            "writer",
            sources: ConfigurationSources(
                environment: ["HTTP_PORT": "0", "STATE_DIR": "\(directory)/state"].merging(environment) { $1 },
                workingDirectory: directory
            ),
            checkOnly: false,
            output: log.output
        )
    }

    private struct Part: Service {
        var body: @Sendable () async throws -> Void
        func run() async throws { try await self.body() }
    }

    @Test func `a part that fails ends the others gracefully, and its error comes out`() async throws {
        try await withTemporaryDirectory { directory in
            let flushed = Atomic<Bool>(false)
            let failure = ServiceFailure(.temporary, "the database is away; start again later")
            let parts: [any Service] = [
                Part {
                    try? await gracefulShutdown()
                    flushed.store(!Task.isCancelled, ordering: .relaxed)
                },
                Part { throw failure },
            ]
            await #expect(throws: failure) {
                try await self.runtime(in: directory).run(parts, supervised: false, endProcess: {})
            }
            let wasFlushed = flushed.load(ordering: .relaxed)
            #expect(wasFlushed)
        }
    }

    @Test func `a part that just ends is named as a defect`() async throws {
        try await withTemporaryDirectory { directory in
            let error = await #expect(throws: ServiceFailure.self) {
                try await self.runtime(in: directory).run([Part {}], supervised: false, endProcess: {})
            }
            #expect(error?.exitStatus == .internal)
            #expect(error?.message.hasPrefix("the part Part ended although nothing asked it to") == true)
        }
    }

    @Test func `a wrong setting is found before anything is built`() async throws {
        try await withTemporaryDirectory { directory in
            #expect(throws: ConfigurationError.self) {
                try self.runtime(in: directory, environment: ["HTTP_PORT": "x"])
            }
            #expect(throws: ConfigurationError.self) {
                try self.runtime(in: directory, environment: ["LOG_LEVEL": "x"])
            }
        }
    }

    @Test func `misspelt settings are warned of`() async throws {
        try await withTemporaryDirectory { directory in
            try write("CHANELS=a\n", to: "\(directory)/.env")
            let log = CapturedLines()
            _ = try self.runtime(in: directory, log: log)
            #expect(log.all.count == 1 && log.all[0].contains("did you mean 'CHANNELS'?"))
            try write("chanels: [a]\n", to: "\(directory)/collector.yaml")
            #expect(throws: ConfigurationError.self) { try self.runtime(in: directory) }
        }
    }

    @Test func `errors become one line and their status`() {
        struct Odd: Error, CustomStringConvertible { var description = "two\nlines" }
        #expect(FailureReport.line(for: Odd(), of: "writer") == "writer: two lines")
        #expect(FailureReport.status(of: Odd()) == .internal)
        #expect(FailureReport.status(of: ConfigurationError("x")).rawValue == 78)
        #expect(FailureReport.status(of: ServiceFailure(.cannotCreate, "x")).rawValue == 73)
    }
}
