import Foundation
import TestSupport
import Testing

/// A wall clock for processes that are started with its environment. What measures spans goes on evenly, as on a real machine.
///
/// It is a library of our own, put in front of libc's: Debian's `faketime` 0.9.10 also moves timers by the error of the clock,
/// so that processes sleep for hours.
struct SettableClock {
    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long error(void) {
            const char *path = getenv("SETTABLE_CLOCK");
            char text[32] = {0};
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return 0;
            ssize_t count = read(file, text, sizeof text - 1);
            close(file);
            return count > 0 ? strtol(text, NULL, 10) : 0;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += error();
            return result;
        }

        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            struct timespec now;
            (void)zone;
            if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *result) {
            struct timespec now;
            if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }
        """

    private let directory: String
    private var file: String { directory + "/clock-error" }
    private var library: String { directory + "/settable-clock.so" }

    /// Compiles the library; the clock is right at first.
    init(in directory: String) async throws {
        self.directory = directory
        let source = directory + "/settable-clock.c"
        try Data(Self.source.utf8).write(to: URL(fileURLWithPath: source))
        let compiler = try RunningProgram(
            "/usr/bin/env",
            ["clang", "-shared", "-fPIC", "-O1", "-o", library, source],
            in: directory
        )
        let status = try await compiler.exitCode()
        try #require(status == 0, "\(compiler.errorOutput)")
        try set(error: 0)
    }

    /// From now on it shows so many seconds more than it is.
    func set(error: Int) throws {
        try Data("\(error)\n".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    }

    var environment: [String: String] { ["LD_PRELOAD": library, "SETTABLE_CLOCK": file] }
}
