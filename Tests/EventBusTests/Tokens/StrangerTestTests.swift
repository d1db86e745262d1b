import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// The test that a token service makes of itself before it publishes anything.
@Suite(.timeLimit(.minutes(10)))
struct StrangerTestTests {
    /// Runs the test against sockets that are bound with, or in spite of, an allow-list.
    private func test(
        encrypted: Bool,
        at endpoint: String = "tcp://127.0.0.1:*",
        _ change: (inout TokenPublisher.Configuration) -> Void = { _ in }
    ) async throws {
        try await withTemporaryDirectory { directory in
            let security = try BusKeys(directory + "/keys", "token-service").security("token-service")
            let publisher = try TokenPublisher.test(directory) {
                $0.bind = "tcp://127.0.0.1:*"
                $0.security = security
                change(&$0)
            }
            publisher.issue(token("user", 1))
            let access = try EndpointGuard(security, allowing: [], label: "test")
            let context = try Context.process.get()
            let sockets = try ProducerSockets(
                BusAddress(endpoint),
                heads: [:],
                access: encrypted ? access : nil,
                context: context
            )
            defer { sockets.close() }
            try StrangerTest(of: publisher, on: sockets, access: access, context: context).run()
        }
    }

    @Test(arguments: ["tcp://127.0.0.1:*", "tcp://0.0.0.0:*", "tcp://lo:*"])
    func `an endpoint that lets in only whom it should passes, by address, wildcard or interface`(
        _ endpoint: String
    ) async throws {
        try await test(encrypted: true, at: endpoint)
    }

    @Test func `an endpoint that anybody can read is refused`() async throws {
        let error = await #expect(throws: TokenEndpointError.self) { try await test(encrypted: false) }
        guard case .strangerNotRefused(_, let who) = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(who == "a stranger without a key")
    }

    @Test func `an endpoint that answers nobody proves nothing and is refused`() async throws {
        let error = await #expect(throws: TokenEndpointError.self) {
            // No time to see anything.
            try await test(encrypted: true) { $0.timing.selfTest = .zero...(.zero) }
        }
        guard case .selfTestUnanswered = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(error?.description.contains("\n") == false)
    }
}
