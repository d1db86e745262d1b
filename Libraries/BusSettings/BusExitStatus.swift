package import EventBus
package import ServiceRuntime
package import ZeroMQ

// With which status a service ends that the bus cannot serve; docs/configuration.md lists them. Nobody imports this:
// it is linked into every service, and the runtime finds the conformances.

extension BusAddressError: ExitCodeProviding {
    /// EX_CONFIG.
    package var exitStatus: ExitStatus { .configuration }
}

extension BusSecurityError: ExitCodeProviding {
    /// EX_CONFIG.
    package var exitStatus: ExitStatus { .configuration }
}

extension TokenEndpointError: ExitCodeProviding {
    /// EX_UNAVAILABLE for a lock that another holds, EX_SOFTWARE for an endpoint that is not safe.
    package var exitStatus: ExitStatus {
        switch self {
        case .alreadyPublished: .unavailable
        case .strangerNotRefused, .selfTestUnanswered: .internal
        }
    }
}

extension JournalError: ExitCodeProviding {
    /// EX_IOERR for what the disk does, EX_CONFIG for what a person has to decide.
    package var exitStatus: ExitStatus {
        switch code {
        case .full, .inputOutput: .inputOutput
        case .damaged, .notOurs, .partitionCount, .offsetsExhausted: .configuration
        case .readOnly, .closed: .internal
        }
    }
}

extension ZeroMQError: ExitCodeProviding {
    /// EX_UNAVAILABLE for an address in use, EX_CONFIG for one that is not this machine's.
    package var exitStatus: ExitStatus {
        switch code {
        case .addressInUse, .tooManyFiles, .tooManyFilesInSystem: .unavailable
        case .addressNotAvailable, .noDevice, .notSupported: .configuration
        default: .internal
        }
    }
}
