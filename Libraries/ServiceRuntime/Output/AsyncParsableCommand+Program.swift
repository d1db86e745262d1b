package import ArgumentParser
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension AsyncParsableCommand {
    /// The `main()` of our programs: parses the command line, runs the command and ends the process.
    ///
    /// As ArgumentParser's own, except that all output goes through ``StandardOutput``, `--help` included: a program whose
    /// output did not arrive does not end with status 0.
    package static func runAsProgram() async -> Never {
        prepareDescriptors()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(with: ExitStatus.success.rawValue)
        } catch {
            let status = exitCode(for: error).rawValue
            let text = fullMessage(for: error)
            if !text.isEmpty {
                if status == ExitStatus.success.rawValue {
                    StandardOutput.process.write(text + "\n")
                } else {
                    _ = FileDescriptor.standardError.writeWhole(text + "\n")
                }
            }
            end(with: status)
        }
    }

    private static func end(with status: Int32) -> Never {
        let hasArrived = StandardOutput.process.failure == nil
        Glibc.exit(status == 0 && !hasArrived ? ExitStatus.inputOutput.rawValue : status)
    }

    /// A reader that goes away is an error of `write`, not a signal. And where a standard descriptor is closed, the next
    /// file that is opened would get its number, and with it what was meant for the terminal: such a descriptor is
    /// occupied by one that can be neither read nor written as that stream is.
    private static func prepareDescriptors() {
        _ = signal(SIGPIPE, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            let mode: FileDescriptor.AccessMode = descriptor == STDIN_FILENO ? .writeOnly : .readOnly
            _ = try? FileDescriptor.open("/dev/null", mode)
        }
    }
}
