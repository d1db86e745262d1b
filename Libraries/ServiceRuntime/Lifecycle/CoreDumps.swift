import CLinux
import Glibc

/// What a crash may leave behind of a process that holds tokens or passwords: nothing.
package enum CoreDumps {
    /// Forbids core dumps of this process, also those that the kernel would hand to another program, and with them that
    /// other processes of the same user read its memory. A debugger has to be root, or to start the program itself.
    package static func forbid() {
        _ = linux_forbid_core_dumps()
        // Where the first is overridden by the machine's settings the second still holds; a sandbox may refuse it.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Whether this process could leave a core dump.
    package static var areAllowed: Bool { linux_may_dump_core() != 0 }
}
