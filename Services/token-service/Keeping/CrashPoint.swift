import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A moment of a refresh at which the process kills itself, for the test of exactly that.
///
/// The moments lie microseconds apart: nobody outside can hit them with a signal. `TOKEN_SERVICE_CRASH_POINT` names one; it
/// is read from the environment alone, never from a file, and no documentation mentions it to users.
enum CrashPoint: String, CaseIterable, Sendable {
    /// The intent is on disk, nothing was sent.
    case beforeRequest = "before-request"
    /// Twitch has answered, and only this process knows what.
    case afterAnswer = "after-answer"
    /// The new pair is on disk beside the old file.
    case beforeRename = "before-rename"
    /// The new pair is in its place, and nobody was told.
    case afterRename = "after-rename"

    /// The one that is asked for.
    static func wanted(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> CrashPoint? {
        environment["TOKEN_SERVICE_CRASH_POINT"].flatMap(CrashPoint.init)
    }

    /// Ends the process as `kill -9` does when this is the wanted moment.
    func reached(_ wanted: CrashPoint?) {
        if self == wanted { kill(getpid(), SIGKILL) }
    }
}
