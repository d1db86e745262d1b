/// Whom the writers have heard.
enum ProducerTables {
    static let sql = """
        CREATE TABLE bus_producers (
            -- stands for the producer in the advisory locks by which writers tell each other whom they hear
            number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
            producer text NOT NULL PRIMARY KEY,
            service text NOT NULL,
            -- what vouches for it: 'local', 'plain', or 'key', the service and the key's fingerprint
            identity text NOT NULL,
            first_heard_at timestamptz NOT NULL,
            heard_at timestamptz NOT NULL,
            -- how far its partitions went then: '7=57123456-8123 11=57123456-8101'
            heads text NOT NULL
        );
        """
}
