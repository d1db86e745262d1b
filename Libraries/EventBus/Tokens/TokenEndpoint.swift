/// Where tokens may travel: `ipc://` in a private directory, or tcp with CURVE. Nowhere else.
package enum TokenEndpoint {
    /// Checks a place to bind or to connect to.
    /// - Throws: `BusAddressError` for plain tcp, `BusSecurityError` for a directory that others may enter.
    package static func check(_ address: BusAddress, security: BusSecurity?) throws {
        switch address.transport {
        case .ipc(let path):
            _ = try PrivateDirectory.check(of: path)
        case .tcp:
            guard security == nil else { return }
            throw BusAddressError(
                address.description,
                "tokens never travel unencrypted; make keys with `collector keys generate`, or use ipc://"
            )
        }
    }
}
