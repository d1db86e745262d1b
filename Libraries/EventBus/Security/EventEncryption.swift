/// When an event endpoint is encrypted: each tcp endpoint as soon as there are keys, ipc never.
///
/// Loopback too: a producer that binds every address cannot tell a follower on the same machine from others, and the
/// two have to agree.
package enum EventEncryption {
    /// How a producer has to bind an address: with these keys, or nil for plain text.
    /// - Throws: `BusAddressError` where other machines could read it and nobody allowed that.
    package static func required(
        of address: BusAddress,
        security: BusSecurity?,
        allowsPlaintext: Bool
    ) throws(BusAddressError) -> BusSecurity? {
        if case .ipc = address.transport { return nil }
        if allowsPlaintext { return nil }
        if let security { return security }
        guard address.isLocal else { throw BusAddressError(address.description, refusal) }
        return nil
    }

    /// Why an address is refused, and what to do.
    package static let refusal =
        "other machines could read it unencrypted; make keys with `collector keys generate`, "
        + "bind 127.0.0.1 or ipc://, or set BUS_ALLOW_PLAINTEXT=1"
}
