import EventBus
import ServiceRuntime
import Testing

@testable import writer

@Suite struct WriterConfigurationTests {
    @Test func `nothing set means the predecessor's file name below data, and the gateways of this machine`() throws {
        let configuration = try WriterConfiguration(Settings(values: [:]))
        guard case .sqlite(let path) = configuration.database else {
            Issue.record("not SQLite")
            return
        }
        #expect(path == "data/twitch_chats.db")
        #expect(
            configuration.follower.endpoints
                == ["ipc://./data/bus/irc-gateway-*", "ipc://./data/bus/stream-poller-*"]
        )
        #expect(configuration.limits == BatchBuilder.Limits(rows: 1000, bytes: 8 << 20))
        #expect(configuration.delay == .milliseconds(200))
    }

    @Test(arguments: [
        ("DATABASE_URL", "mysql://root:hunter2@host/db"), ("DATABASE_URL", "postgresql://u:hunter2@x@host/db"),
        ("DATABASE_URL", "postgresql://u:hunter2/x@host/db"), ("DATABASE_URL", "postgresql://u:p?hunter2@host/db"),
        ("DATABASE_URL", "postgresql://host/db?hunter2=x"), ("DATABASE_URL", "postgresql://u:p@host:hunter2/db"),
        ("RETENTION_DAYS", "30"), ("RETENTION_DAYS", "0"),
        ("WRITER_BATCH_ROWS", "0"), ("WRITER_BATCH_MS", "soon"), ("WRITER_BATCH_BYTES", "much"),
    ])
    func `a wrong value is one line that names the variable and shows no secret`(_ name: String, _ value: String) {
        #expect {
            try WriterConfiguration(Settings(values: [name: value]))
        } throws: { error in
            let line = "\(error)"
            return error is ConfigurationError && line.hasPrefix(name) && line.contains("expected")
                && !line.contains("hunter2") && !line.contains("\n")
        }
    }
}
