/// Which side of CURVE a socket is. Set before it binds or connects, because every option is.
package enum CurveRole: Sendable {
    /// Connects with its own keys to a server that must own `serverKey` (Z85).
    case client(CurveKeyPair, serverKey: String)
    /// Binds, and lets in whom the domain allows.
    ///
    /// CURVE alone lets everybody in: without a ZAP domain, its enforcement and a handler that runs, libzmq accepts any
    /// client key. A `CurveDomain` can only be had from a running handler, so that a socket cannot be bound without.
    case server(CurveKeyPair, CurveDomain)
}
