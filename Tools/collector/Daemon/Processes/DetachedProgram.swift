import FoundationEssentials
import Glibc
import ServiceRuntime

/// Starts a program that outlives us: in a session of its own, without a terminal.
enum DetachedProgram {
    /// Returns the process id as soon as the program is started; our working directory and `environment` are its own.
    static func start(_ executable: String, _ arguments: [String], environment: [String: String]) throws -> Int32 {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What we ignore or block must not be ignored or blocked there.
        var all = sigset_t()
        var none = sigset_t()
        unsafe sigfillset(&all)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | newSession
        unsafe posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

        var files = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&files)
        defer { unsafe posix_spawn_file_actions_destroy(&files) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0)
        }
        // Whoever started us may wait for the end of a pipe or socket that we have inherited.
        for descriptor in inherited { unsafe posix_spawn_file_actions_addclose(&files, descriptor) }

        var pid: pid_t = 0
        let status = unsafe withCStrings([executable] + arguments) { arguments in
            unsafe withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                unsafe posix_spawn(&pid, executable, &files, &attributes, arguments, environment)
            }
        }
        guard status == 0 else {
            throw CommandFailure(
                ExitStatus.unavailable.rawValue,
                "cannot start \(executable): \(unsafe String(cString: strerror(status)))"
            )
        }
        return pid
    }

    /// What is open beside standard input, output and error.
    private static var inherited: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap(Int32.init).filter { $0 > STDERR_FILENO }
    }

    /// `POSIX_SPAWN_SETSID`, which glibc has since 2.26.
    private static let newSession: Int32 = 0x80

    /// The strings as C wants them: an array of pointers with a nil at its end.
    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
    ) rethrows -> Result {
        let pointers = unsafe texts.map { unsafe strdup($0) }
        defer { for index in texts.indices { unsafe free(pointers[index]) } }
        return try unsafe body(pointers + [nil])
    }
}
