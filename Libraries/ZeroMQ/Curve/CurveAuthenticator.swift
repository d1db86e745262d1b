import Foundation
import Synchronization

/// The ZAP handler of a context: asked by libzmq for every client that wants to use a CURVE server's socket.
///
/// It answers on a thread of its own, at most one for each context. It runs before any server socket can be made,
/// because `CurveRole.server` needs a domain of it.
package final class CurveAuthenticator: Sendable {
    /// The handler of the process's own context, started when it is first needed.
    package static let process: Result<CurveAuthenticator, ZeroMQError> = {
        do throws(ZeroMQError) {
            return .success(try CurveAuthenticator(in: try Context.process.get()))
        } catch {
            return .failure(error)
        }
    }()

    private let loop: AuthenticationLoop
    private let numbers = Atomic(0)

    /// Starts to answer.
    /// - Throws: `notSupported` where libzmq has no CURVE, `addressInUse` where the context has a handler.
    package init(in context: Context) throws(ZeroMQError) {
        try CurveSupport.require()
        loop = try AuthenticationLoop(in: context)
        let thread = Thread { [loop] in loop.run() }
        thread.name = "zap"
        thread.start()
    }

    deinit {
        loop.stop()
    }

    /// A domain of its own for one server.
    /// - Parameters:
    ///   - name: For people who debug; a number is added, so that no two servers share one.
    ///   - allowed: Names by public key in Z85. A name is what ``Socket/receive(into:sender:wait:)`` gives for a message.
    /// - Returns: The domain, for as long as somebody holds it.
    package func domain(_ name: String, allowing allowed: [String: String]) -> CurveDomain {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        return CurveDomain("\(name).\(number)", allowing: allowed, of: self)
    }

    /// For `CurveDomain`.
    func change<Result: Sendable>(_ body: (inout CurveAccess) -> Result) -> Result {
        loop.access.withLock { body(&$0) }
    }
}

/// Whom one server lets in; may change at any time. Who is connected already stays so until the server closes its
/// socket: libzmq asks only once for each connection.
package final class CurveDomain: Sendable {
    package let name: String
    private let authenticator: CurveAuthenticator

    init(_ name: String, allowing allowed: [String: String], of authenticator: CurveAuthenticator) {
        self.name = name
        self.authenticator = authenticator
        authenticator.change { $0.allow(allowed, in: name) }
    }

    deinit {
        authenticator.change { [name] in $0.remove(name) }
    }

    /// Replaces whom new connections are taken from: names by public key in Z85.
    package func allow(_ keys: [String: String]) {
        authenticator.change { [name] in $0.allow(keys, in: name) }
    }

    /// The public keys that were refused since the last call, at most the last 16.
    package func takeRefused() -> [String] {
        authenticator.change { [name] in $0.takeRefused(in: name) }
    }
}

/// The handler's thread and its socket.
private final class AuthenticationLoop: Sendable {
    let access = Mutex(CurveAccess())
    private let socket: Mutex<Socket?>
    private let wakeUp: WakeUp
    private let isStopped = Atomic(false)

    init(in context: Context) throws(ZeroMQError) {
        wakeUp = try WakeUp()
        let socket = try Socket(.rep, in: context)
        try socket.bind("inproc://zeromq.zap.01")
        self.socket = Mutex(socket)
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// Answers until it is stopped or the context is shut down.
    func run() {
        guard let socket = socket.withLock({ $0.take() }) else { return }
        var poller = Poller()
        do throws(ZeroMQError) {
            while !isStopped.load(ordering: .acquiring) {
                poller.removeAll()
                _ = poller.add(wakeUp)
                let place = poller.add(socket)
                _ = try poller.wait(nil)
                guard poller.isReadable(place) else { continue }
                try answer(socket)
            }
        } catch {
            // The context ends. Without a handler libzmq refuses everybody, since the domains are enforced.
        }
    }

    private func answer(_ socket: borrowing Socket) throws(ZeroMQError) {
        var frames: [[UInt8]] = []
        var frame: [UInt8] = []
        var state = try socket.receive(into: &frame)
        if case .nothing = state { return }
        frames.append(frame)
        while case .more = state {
            state = try socket.receive(into: &frame, wait: true)
            frames.append(frame)
        }
        let request = CurveAccess.Request(frames)
        let name = request.flatMap { request in access.withLock { $0.decide(request) } }
        let number = frames.count > 1 ? frames[1] : []
        let reply = CurveAccess.reply(to: number, name: name)
        for (index, frame) in reply.enumerated() {
            try socket.send(frame, more: index < reply.count - 1, wait: true)
        }
    }
}
