import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import collector

@Suite struct LoopbackPeerTests {
    private static let four = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1
           1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 31338 1
           2: 0100007F:D431 0100007F:0BB8 01 00000000:00000000 00:00000000 00000000  1001        0 31339 1
        """
    private static let six = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 00000000000000000000000001000000:D432 00000000000000000000000001000000:0BB8 01 00000000:00000000 00:00000000 00000000  1002
           1: 0000000000000000FFFF00000100007F:D433 0000000000000000FFFF00000100007F:0BB8 01 00000000:00000000 00:00000000 00000000  1003
        """

    private func end(_ address: [UInt8], _ port: Int) -> LoopbackPeer.Endpoint { .init(address: address, port: port) }

    @Test func `the user is that of the other end's socket`() {
        let loopback: [UInt8] = [127, 0, 0, 1]
        let loopback6 = [UInt8](repeating: 0, count: 15) + [1]
        #expect(LoopbackPeer.user(of: end(loopback, 0xD431), to: end(loopback, 3000), in: Self.four) == 1001)
        #expect(LoopbackPeer.user(of: end(loopback, 0xD499), to: end(loopback, 3000), in: Self.four) == nil)
        #expect(LoopbackPeer.user(of: end([127, 0, 0, 2], 0xD431), to: end(loopback, 3000), in: Self.four) == nil)
        #expect(LoopbackPeer.user(of: end(loopback6, 0xD432), to: end(loopback6, 3000), in: Self.six) == 1002)
        #expect(LoopbackPeer.user(of: end(loopback, 0xD433), to: end(loopback, 3000), in: Self.six) == 1003)
        #expect(LoopbackPeer.user(of: end(loopback, 1), to: end(loopback, 2), in: "nonsense\n\n 1: 2 3") == nil)
    }
}
