import Foundation

/// One configured endpoint of a follower, which may stand for any number of producers: an ipc path whose last part
/// holds `*`, or a host name with several addresses.
struct EndpointPattern: Hashable, Sendable {
    let address: BusAddress

    /// - Parameters:
    ///   - text: The endpoint.
    ///   - keyName: The service whose key producers there must own, if it is tcp; nil for plain text.
    ///   - service: The service that producers there must be; nil where any may be.
    /// - Throws: Where it cannot be an endpoint of a follower.
    init(_ text: String, keyName: String? = nil, service: String? = nil) throws(BusAddressError) {
        var address = try BusAddress(text)
        address.service = service
        if case .tcp = address.transport { address.keyName = keyName }
        self.address = address
        if case .tcp(_, nil) = address.transport {
            throw BusAddressError(text, "a follower needs the port's number")
        }
        if case .ipc(let path) = address.transport,
            path.split(separator: "/").dropLast().contains(where: { $0.contains("*") })
        {
            throw BusAddressError(text, "* may only be in the last part of the path")
        }
    }

    /// What it stands for now; nil where that cannot be found out just now, which does not mean that nobody is there. Reads a
    /// folder or asks the resolver: for a thread that may block.
    /// - Throws: `BusSecurityError` where a socket, or its folder, is not our user's.
    func addresses() throws(BusSecurityError) -> [BusAddress]? {
        switch address.transport {
        case .tcp(let host, let port):
            return HostName.lookUp(host)?.map { host in
                var found = address
                found.transport = .tcp(host: host, port: port)
                return found
            }
        case .ipc(let path):
            guard try PrivateDirectory.checkEvents(of: path) else { return path.contains("*") ? [] : [address] }
            guard path.contains("*") else {
                try PrivateDirectory.checkSocket(path)
                return [address]
            }
            guard let files = files(path) else { return nil }
            // Of another user's socket nothing is taken; the others are followed.
            let ours = files.filter { (try? PrivateDirectory.checkSocket($0)) != nil }
            if let other = files.first(where: { !ours.contains($0) }), ours.isEmpty {
                try PrivateDirectory.checkSocket(other)
            }
            return ours.map(file)
        }
    }

    private func file(_ path: String) -> BusAddress {
        var found = address
        found.transport = .ipc(path: path)
        return found
    }

    /// The files that match; nil where the folder cannot be read.
    private func files(_ path: String) -> [String]? {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "/" : folder) else {
            return nil
        }
        return entries.filter { !$0.hasSuffix(".req") && Self.matches($0, name) }.sorted()
            .map { slash == nil ? $0 : "\(folder)/\($0)" }
            .filter { $0.utf8.count <= BusAddress.longestPath }
    }

    /// Whether `name` is what `pattern` says, where each `*` stands for any characters.
    static func matches(_ name: some StringProtocol, _ pattern: some StringProtocol) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return name == pattern }
        guard name.hasPrefix(first), name.dropFirst(first.count).hasSuffix(last) else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
