internal import CZeroMQ

/// What libzmq refused, and while doing what.
package struct ZeroMQError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An errno of libzmq.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The context was shut down.
        package static let terminated = Code(rawValue: 156_384_765)
        package static let addressInUse = Code(rawValue: EADDRINUSE)
        package static let addressNotAvailable = Code(rawValue: EADDRNOTAVAIL)
        package static let noDevice = Code(rawValue: ENODEV)
        package static let invalid = Code(rawValue: EINVAL)
        package static let notFound = Code(rawValue: ENOENT)
        package static let interrupted = Code(rawValue: EINTR)
        package static let again = Code(rawValue: EAGAIN)
        /// The process, or the machine, has no descriptor left.
        package static let tooManyFiles = Code(rawValue: EMFILE)
        package static let tooManyFilesInSystem = Code(rawValue: ENFILE)
        package static let notSupported = Code(rawValue: ENOTSUP)
    }

    /// The call that failed.
    package enum Operation: String, Sendable {
        case createContext = "create context"
        case createSocket = "create socket"
        case setOption = "set option"
        case readOption = "read option"
        case bind
        case unbind
        case connect
        case disconnect
        case subscribe
        case send
        case receive
        case poll
        case createWakeUp = "create wake-up"
        case useCurve = "use CURVE"
    }

    package let code: Code
    package let operation: Operation
    /// The endpoint or option concerned, if any.
    package let subject: String?

    package init(_ code: Code, _ operation: Operation, subject: String? = nil) {
        self.code = code
        self.operation = operation
        self.subject = subject
    }

    /// The calling thread's last libzmq error.
    static func last(_ operation: Operation, subject: String? = nil) -> ZeroMQError {
        ZeroMQError(Code(rawValue: zmq_errno()), operation, subject: subject)
    }

    /// Whether the same call may succeed later.
    package var isRetriable: Bool {
        code == .interrupted || code == .again || code == .addressInUse || code == .addressNotAvailable
            || isOutOfDescriptors
    }

    /// Whether it failed because too many files and connections are open: others may have opened them.
    package var isOutOfDescriptors: Bool {
        code == .tooManyFiles || code == .tooManyFilesInSystem
    }

    package var description: String {
        if operation == .useCurve, code == .notSupported {
            return "this libzmq cannot encrypt (it was built without CURVE); install one with libsodium, such as "
                + "Debian's libzmq5, or use ipc:// endpoints on one machine"
        }
        let reason = unsafe String(cString: zmq_strerror(code.rawValue))
        guard let subject else { return "ZeroMQ could not \(operation.rawValue): \(reason)" }
        return "ZeroMQ could not \(operation.rawValue) \(subject): \(reason)"
    }
}
