/// Whom the writer has heard.
enum ProducerTables {
    static let sql = """
        CREATE TABLE bus_producers (
            producer VARCHAR(100) NOT NULL PRIMARY KEY,
            service VARCHAR(100) NOT NULL,
            -- what vouches for it: 'local', 'plain', or 'key', the service and the key's fingerprint
            identity VARCHAR(200) NOT NULL,
            first_heard_at DATETIME NOT NULL,
            heard_at DATETIME NOT NULL,
            -- how far its partitions went then: '7=57123456-8123 11=57123456-8101'
            heads TEXT NOT NULL
        );
        """
}
