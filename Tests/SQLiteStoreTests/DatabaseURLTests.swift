import EventStore
import Testing

@Suite struct DatabaseURLTests {
    @Test(arguments: [
        ("sqlite:///data/twitch_chats.db", DatabaseURL.sqlite(path: "data/twitch_chats.db")),
        ("sqlite:////var/lib/chats.db", .sqlite(path: "/var/lib/chats.db")),
        ("sqlite+pysqlite:///chats.db?timeout=5", .sqlite(path: "chats.db")),
        ("postgresql://u:p@h/db", .postgresql(uri: "postgresql://u:p@h/db")),
        ("postgresql+psycopg2://u:p@h/db", .postgresql(uri: "postgresql://u:p@h/db")),
        ("postgres://h/db", .postgresql(uri: "postgresql://h/db")),
    ])
    func `known forms are understood`(_ text: String, _ url: DatabaseURL) throws {
        #expect(try DatabaseURL(text) == url)
    }

    @Test(arguments: [
        "", "chats.db", "mysql://root:hunter2@host/db", "sqlite://host/chats.db", "sqlite://", "sqlite:///",
        "sqlite:///:memory:", "sqlite:///data/", "root:hunter2@host",
    ])
    func `anything else is one line that names the variable and no secret`(_ text: String) {
        #expect {
            try DatabaseURL(text)
        } throws: { error in
            let line = "\(error)"
            return line.hasPrefix("DATABASE_URL ") && line.contains("expected") && !line.contains("hunter2")
                && !line.contains("\n")
        }
    }
}
