/// A certificate for `localhost` and `127.0.0.1`, valid until 2120, that nobody trusts unless told to. Its key guards nothing.
package enum LocalCertificate {
    package static let certificate = pem(
        "CERTIFICATE",
        """
        MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
        CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD8eOcK33Yf0oouO
        oALVZTTGeuqyZY4iXyVEkOSpY5HSYOzw9UztRuDcVoXOJ/xdnwxRDfe1lL2yF8bO
        ROCK6UyjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
        BTADAQH/MB0GA1UdDgQWBBQiLhSq5G6U+ecqfwTua1JT/VWGsDAKBggqhkjOPQQD
        AgNIADBFAiEA7KwkysuZb9ZsY/zCbRE2xLqPXCWRAaipGY0Uwkpf6O0CID/yYHst
        6MEDwjHUE/vIJ1v4194/kfP0egmSUOO3yS8q
        """
    )

    package static let privateKey = pem(
        "PRIVATE KEY",
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzOAbobRzWAW3+g79
        BZfp3CBPXWbB1A4HdJElUqJeKoShRANCAAQ/HjnCt92H9KKLjqAC1WU0xnrqsmWO
        Il8lRJDkqWOR0mDs8PVM7Ubg3FaFzif8XZ8MUQ33tZS9shfGzkTgiulM
        """
    )

    private static func pem(_ kind: String, _ body: String) -> String {
        "-----BEGIN \(kind)-----\n\(body)\n-----END \(kind)-----\n"
    }
}
