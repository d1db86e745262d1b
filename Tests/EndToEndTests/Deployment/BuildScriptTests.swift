import Foundation
import TestSupport
import Testing

/// `Tools/build-programs`, with a compiler that only talks.
struct BuildScriptTests {
    /// What a `swift build` says, and how it ends.
    private func build(_ lines: [String], plan: [String] = [], status: Int = 0) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        try await withTemporaryDirectory { directory in
            let files = FileManager.default
            try files.createDirectory(atPath: directory + "/Tools", withIntermediateDirectories: false)
            try files.copyItem(
                atPath: MetricsPage.repository.appending(path: "Tools/build-programs").path,
                toPath: directory + "/Tools/build-programs"
            )
            try files.createDirectory(atPath: directory + "/.build", withIntermediateDirectories: false)
            try plan.joined(separator: "\n").write(
                toFile: directory + "/.build/release.yaml",
                atomically: true,
                encoding: .utf8
            )
            let text = lines.joined(separator: "\n").replacing("HERE", with: directory) + "\n"
            try text.write(toFile: directory + "/said", atomically: true, encoding: .utf8)
            let swift = "#!/bin/sh\necho \"$*\" > \(directory)/asked\ncat \(directory)/said\nexit \(status)\n"
            try swift.write(toFile: directory + "/swift", atomically: true, encoding: .utf8)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/swift")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let program = try RunningProgram(
                directory + "/Tools/build-programs",
                ["--an-option"],
                environment: ["PATH": "\(directory):\(path)"],
                in: directory
            )
            let status = try await program.exitCode()
            let asked = try String(contentsOfFile: directory + "/asked", encoding: .utf8)
            #expect(asked == "build --configuration release --target programs --an-option\n", "one build for all")
            return (status, program.output, program.errorOutput)
        }
    }

    private static let foreign = [
        "warning: prohibited flag(s): -isystem /usr/include/mit-krb5",
        "warning: 'swift-distributed-tracing': found 1 file(s) which are unhandled",
        "HERE/.build/checkouts/other/Sources/Other.swift:1:1: warning: 'old' is deprecated",
    ]

    @Test func `a long build says a line for each tenth, and nothing of other packages`() async throws {
        let steps = (0...900).map { "[\($0)/900] Compiling Module\($0) File.swift" }
        let built = try await build(Self.foreign + ["Building for production..."] + steps + ["Build complete! (9.00s)"])
        #expect(built.status == 0 && built.errors.isEmpty, "\(built)")
        let lines = built.output.split(separator: "\n")
        #expect(lines.count == 11, "\(built.output)")
        #expect(lines.first == "Building: 0 %" && lines.last == "Building: 100 %")
    }

    @Test func `the many quick steps at the beginning are not taken for most of the work`() async throws {
        let c = (0..<900).map { "[\($0)/1000] Compiling file\($0).c" }
        let swift = (900...950).map { "[\($0)/1000] Compiling Module\($0) File.swift" }
        let built = try await build(c + swift, plan: Array(repeating: "tool: clang", count: 900))
        // All of C and half of the modules: 1,650 of 2,400.
        #expect(built.output.hasSuffix("Building: 60 %\n"), "\(built.output)")
    }

    @Test func `where nothing has to be done nothing is said`() async throws {
        let built = try await build(
            Self.foreign + ["[0/1] Planning build", "[0/2] Write x", "Build complete! (0.50s)"]
        )
        #expect(built.status == 0 && built.output.isEmpty && built.errors.isEmpty, "\(built)")
    }

    @Test func `fetching is one line, and a warning of our own is shown`() async throws {
        let own = "HERE/Libraries/Protocol/Event.swift:1:1: warning: something"
        let built = try await build(
            [
                "Fetching https://a", "Fetching https://b", "Fetched https://a (1.00s)",
                "Computing version for https://a", own,
            ]
        )
        #expect(built.status == 0)
        let lines = built.output.split(separator: "\n")
        #expect(lines.count == 2 && lines.first == "Fetching the Swift packages that this needs", "\(built)")
        #expect(lines.last?.hasSuffix("/Libraries/Protocol/Event.swift:1:1: warning: something") == true)
    }

    @Test func `a failure shows what the compiler said, and keeps its status`() async throws {
        let error = "HERE/Services/writer/Writer.swift:3:5: error: cannot find 'x' in scope"
        let built = try await build(
            ["[5/900] Compiling writer Writer.swift", error, " 3 |     x", "error: fatalError"],
            status: 3
        )
        #expect(built.status == 3)
        #expect(built.errors.contains("Writer.swift:3:5: error: cannot find 'x' in scope\n 3 |     x\n"))
        #expect(built.errors.contains("could not be built"))
        #expect(!built.errors.contains("[5/900]"))
    }

    @Test func `make builds with it, and so does the image`() throws {
        let recipe = try #require(
            try MetricsPage.file("Makefile").firstMatch(of: /(?m)^build: deps .*\n\t@(.*)$/)?.output.1
        )
        #expect(recipe == "Tools/build-programs")
        #expect(try MetricsPage.file("deploy/Dockerfile").contains("RUN Tools/build-programs"))
        // What it names depends on all that is installed.
        let manifest = try MetricsPage.file("Package.swift")
        let target = try #require(manifest.firstMatch(of: /name: "programs",\s+dependencies: \[([^\]]*)\]/)?.output.1)
        let products = try #require(try MetricsPage.file("Makefile").firstMatch(of: /PRODUCTS := (.*)/)?.output.1)
        for product in products.split(separator: " ") { #expect(target.contains("\"\(product)\""), "\(product)") }
    }
}
