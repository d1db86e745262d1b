internal import CZeroMQ

/// How a socket queues, lingers and reconnects.
///
/// What is not here is left out on purpose: heartbeats, `IMMEDIATE`, `XPUB_NODROP` and `XPUB_MANUAL` abort or stall
/// libzmq 4.3.4.
package struct SocketOptions: Sendable {
    /// Messages queued per peer before sending drops or refuses.
    package var sendHighWaterMark: Int32
    /// Messages queued per peer before the peer is no longer read.
    package var receiveHighWaterMark: Int32
    /// How long closing goes on sending, in milliseconds.
    package var lingerMilliseconds: Int32
    /// A peer that sends a greater message is disconnected, in bytes.
    package var maximumMessageBytes: Int64
    /// First and greatest pause between attempts to connect, in milliseconds.
    package var reconnectMilliseconds: ClosedRange<Int32>
    /// How it encrypts; nil for plain text.
    package var curve: CurveRole?
    /// Of a socket that binds: a connection that has not said who it is by then is closed, in milliseconds. libzmq's own
    /// 30 s let strangers hold thirty seconds' worth of descriptors.
    package var handshakeMilliseconds: Int32 = 5000
    /// A tcp connection whose peer takes nothing for so long is closed, in milliseconds; 0 leaves that to the system.
    package var stalledMilliseconds: Int32 = 0
    /// Of an `xpub`: whether every subscription and its end is received, not only each topic's first and last.
    package var reportsEverySubscription = false

    package init(
        sendHighWaterMark: Int32 = 1000,
        receiveHighWaterMark: Int32 = 1000,
        lingerMilliseconds: Int32 = 0,
        maximumMessageBytes: Int64 = 16 << 20,
        reconnectMilliseconds: ClosedRange<Int32> = 50...1000,
        curve: CurveRole? = nil
    ) {
        self.sendHighWaterMark = sendHighWaterMark
        self.receiveHighWaterMark = receiveHighWaterMark
        self.lingerMilliseconds = lingerMilliseconds
        self.maximumMessageBytes = maximumMessageBytes
        self.reconnectMilliseconds = reconnectMilliseconds
        self.curve = curve
    }

    /// What is set on each socket when it is made.
    ///
    /// TCP keepalive finds a dead peer in about 25 s; libzmq's own heartbeats would abort a slow SUB.
    var all: [SocketOption] {
        [
            SocketOption(ZMQ_SNDHWM, "SNDHWM", .number(sendHighWaterMark)),
            SocketOption(ZMQ_RCVHWM, "RCVHWM", .number(receiveHighWaterMark)),
            SocketOption(ZMQ_LINGER, "LINGER", .number(lingerMilliseconds)),
            SocketOption(ZMQ_MAXMSGSIZE, "MAXMSGSIZE", .longNumber(maximumMessageBytes)),
            SocketOption(ZMQ_RECONNECT_IVL, "RECONNECT_IVL", .number(reconnectMilliseconds.lowerBound)),
            SocketOption(ZMQ_RECONNECT_IVL_MAX, "RECONNECT_IVL_MAX", .number(reconnectMilliseconds.upperBound)),
            SocketOption(ZMQ_TCP_KEEPALIVE, "TCP_KEEPALIVE", .number(1)),
            SocketOption(ZMQ_TCP_KEEPALIVE_IDLE, "TCP_KEEPALIVE_IDLE", .number(10)),
            SocketOption(ZMQ_TCP_KEEPALIVE_INTVL, "TCP_KEEPALIVE_INTVL", .number(5)),
            SocketOption(ZMQ_TCP_KEEPALIVE_CNT, "TCP_KEEPALIVE_CNT", .number(3)),
            SocketOption(ZMQ_HANDSHAKE_IVL, "HANDSHAKE_IVL", .number(handshakeMilliseconds)),
            SocketOption(ZMQ_TCP_MAXRT, "TCP_MAXRT", .number(stalledMilliseconds)),
        ] + subscriptions + encryption
    }

    private var subscriptions: [SocketOption] {
        reportsEverySubscription ? [SocketOption(ZMQ_XPUB_VERBOSER, "XPUB_VERBOSER", .number(1))] : []
    }

    private var encryption: [SocketOption] {
        switch curve {
        case nil: []
        case .client(let keys, let serverKey):
            [
                SocketOption(ZMQ_CURVE_PUBLICKEY, "CURVE_PUBLICKEY", .text(keys.publicKey)),
                SocketOption(ZMQ_CURVE_SECRETKEY, "CURVE_SECRETKEY", .text(keys.secretKey.reveal())),
                SocketOption(ZMQ_CURVE_SERVERKEY, "CURVE_SERVERKEY", .text(serverKey)),
            ]
        case .server(let keys, let domain):
            [
                SocketOption(ZMQ_CURVE_SERVER, "CURVE_SERVER", .number(1)),
                SocketOption(ZMQ_CURVE_SECRETKEY, "CURVE_SECRETKEY", .text(keys.secretKey.reveal())),
                SocketOption(ZMQ_ZAP_DOMAIN, "ZAP_DOMAIN", .text(domain.name)),
                SocketOption(zapEnforceDomain, "ZAP_ENFORCE_DOMAIN", .number(1)),
            ]
        }
    }
}

/// In libzmq since 4.3.0, but in a header only among the drafts.
private let zapEnforceDomain: Int32 = 93

/// One option of libzmq and its value.
struct SocketOption {
    enum Value {
        case number(Int32)
        case longNumber(Int64)
        case text(String)
    }

    private let code: Int32
    private let name: String
    private let value: Value

    init(_ code: Int32, _ name: String, _ value: Value) {
        self.code = code
        self.name = name
        self.value = value
    }

    func set(on handle: UnsafeMutableRawPointer) throws(ZeroMQError) {
        let result =
            switch value {
            case .number(var number): unsafe zmq_setsockopt(handle, code, &number, MemoryLayout<Int32>.size)
            case .longNumber(var number): unsafe zmq_setsockopt(handle, code, &number, MemoryLayout<Int64>.size)
            case .text(let text): unsafe zmq_setsockopt(handle, code, text, text.utf8.count)
            }
        guard result == 0 else { throw .last(.setOption, subject: name) }
    }
}
