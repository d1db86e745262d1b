#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How many files and connections this process may have open (`RLIMIT_NOFILE`).
enum DescriptorLimit {
    /// Raises the soft limit to the hard one. Most systems start programs with 1,024, which strangers can use up: whoever
    /// reaches a port costs a descriptor before anybody knows who he is.
    /// - Returns: The limit from now on; nil where the system does not say.
    @discardableResult
    static func raise() -> Int? {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            let before = limit
            limit.rlim_cur = limit.rlim_max
            if unsafe setrlimit(resource, &limit) != 0 { limit = before }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
