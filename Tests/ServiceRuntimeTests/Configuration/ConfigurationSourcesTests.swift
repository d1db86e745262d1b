import Foundation
import Testing

@testable import ServiceRuntime

struct ConfigurationSourcesTests {
    @Test func `the command line beats the environment, which beats dot env, which beats the file`() async throws {
        try await withTemporaryDirectory { directory in
            try write("A1=env-file\nA2=env-file\nA3=env-file\nEMPTY=''\n", to: "\(directory)/.env")
            try write("a1: yaml\na2: yaml\na3: yaml\na4: yaml\nempty: yaml\n", to: "\(directory)/collector.yaml")
            let sources = ConfigurationSources(
                overrides: ["A1": "cli"],
                environment: ["A1": "env", "A2": "env", "EMPTY": ""],
                workingDirectory: directory
            )
            let settings = try sources.load().settings
            #expect(
                try ["A1", "A2", "A3", "A4", "EMPTY"].map { try settings.string($0) } == [
                    "cli", "env", "env-file", "yaml", "yaml",
                ]
            )
        }
    }

    @Test func `a named file must exist, an unnamed one need not`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try ConfigurationSources(environment: [:], workingDirectory: directory).load()
            #expect(
                throws: ConfigurationError(
                    "\(directory)/x.yaml does not exist; name an existing file with --config-file"
                )
            ) {
                try ConfigurationSources(environment: [:], workingDirectory: directory, configFile: "x.yaml").load()
            }
        }
    }

    @Test func `misspelt names are pointed out with their place, and refused in a file that is ours alone`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try write("TWITCH_CLIENT_IDD=1\nEDITOR=vi\n", to: "\(directory)/.env")
            try write("gibberish_everywhere: 1\nwriter_http_port: 1\n", to: "\(directory)/collector.yaml")
            let warnings = try ConfigurationSources(environment: [:], workingDirectory: directory).load().warnings
            #expect(
                warnings == [
                    "\(directory)/.env: TWITCH_CLIENT_IDD is not a setting; did you mean 'TWITCH_CLIENT_ID'?",
                    "\(directory)/collector.yaml:1: GIBBERISH_EVERYWHERE is not a setting",
                ]
            )
            try write("http:\n  prot: 1\n", to: "\(directory)/collector.yaml")
            #expect(
                throws: ConfigurationError(
                    "\(directory)/collector.yaml:2: HTTP_PROT is not a setting; did you mean 'HTTP_PORT'?"
                )
            ) {
                try ConfigurationSources(environment: [:], workingDirectory: directory).load()
            }
        }
        #expect(
            try Settings.unknownKeys(in: "gibberish_everywhere: 1") == [
                "collector.yaml:1: GIBBERISH_EVERYWHERE is not a setting"
            ]
        )
    }

    @Test func `the settings file nests, lists and forgives dashes`() throws {
        let file = try SettingsFile(
            parsing: "channels: [a, b]\nhttp:\n  port: 0\nlog-level: debug\nlog_file:\n",
            path: "f"
        )
        #expect(file.values == ["CHANNELS": "a,b", "HTTP_PORT": "0", "LOG_LEVEL": "debug", "LOG_FILE": ""])
    }

    @Test(arguments: [
        ("a: [", "f:2:1: not valid YAML: "), ("- a", "f: expected 'name: value' lines, found a list"),
        ("a: 1\na: 2", "'a' stands there twice"), ("a: {b: 1}\nA_B: 2", "f:2:1: A_B was already set in line 1"),
        ("a: [[1]]", "f:1:4: expected a list of plain values for A"),
        ("state_dir: [a, b]", "f:1:12: STATE_DIR must be a single value, found a list"),
        ("http_port: {a: 1}", "f:1:12: HTTP_PORT must be a single value, found a mapping"),
        ("http: 9101", "f:1:7: 'http' holds settings, found '9101'"),
        ("a: &a {port: 1}\nhttp: {<<: *a, <<: *a}", "'<<' stands there twice"),
        ("log_level: !x debug", "'!x' is not known"),
    ])
    func `a broken settings file names the place`(text: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try SettingsFile(parsing: text, path: "f") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `merge keys work, and what is only there for others is no setting`() throws {
        let file = try SettingsFile(
            parsing: "defaults: &defaults {host: '::1', port: 0}\nx-notes: {a: 1}\nhttp: {<<: *defaults, port: 5}\n",
            path: "f"
        )
        #expect(file.values == ["HTTP_HOST": "::1", "HTTP_PORT": "5"])
    }

    @Test func `an empty settings file sets nothing`() throws {
        #expect(try SettingsFile(parsing: "# only a comment\n", path: "f").values == [:])
    }
}
