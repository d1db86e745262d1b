import PrivateFiles

/// The rule for ipc sockets: the directory they lie in is ours and nobody else can put a socket there; where secrets travel,
/// nobody else may enter it either. The sockets are ours too.
enum PrivateDirectory {
    /// Checks the place of a socket on which tokens travel.
    /// - Returns: Whether the directory of `path` is there.
    /// - Throws: `BusSecurityError` where others may enter it, or it is somebody else's.
    static func check(of path: String) throws(BusSecurityError) -> Bool {
        try check(of: path, .secret, consequence: "until then no token travels there")
    }

    /// Checks the place of a socket on which events travel, and the socket where there is one.
    /// - Returns: Whether the directory of `path` is there.
    /// - Throws: `BusSecurityError` where others may write there, or it is somebody else's.
    @discardableResult
    static func checkEvents(of path: String) throws(BusSecurityError) -> Bool {
        try check(of: path, .readable, consequence: "until then no event travels there")
    }

    /// Checks a socket and its request socket, as far as they are there: files that are no sockets lead nowhere and are let
    /// pass.
    /// - Throws: `BusSecurityError` where one is another user's or a link.
    static func checkSocket(_ path: String) throws(BusSecurityError) {
        for path in [path, path + ".req"] {
            do throws(PrivateFileError) {
                try PrivateSocket.check(path)
            } catch {
                throw BusSecurityError("\(error.path): \(error.reason); until then nothing there is followed")
            }
        }
    }

    private static func check(
        of path: String,
        _ openness: PrivateFolder.Openness,
        consequence: String
    ) throws(BusSecurityError) -> Bool {
        do throws(PrivateFileError) {
            return try PrivateFolder.check(PrivateFolder.path(of: path), openness)
        } catch {
            throw BusSecurityError("\(error.path): \(error.reason); \(consequence)")
        }
    }
}
