import Glibc

/// Names to numeric addresses. libzmq would connect to the first address of a name only, and ask only once.
package enum HostName {
    /// The numeric addresses as libzmq wants them, IPv6 in brackets; empty while the name is unknown. Blocks.
    package static func addresses(of host: String) -> [String] { lookUp(host) ?? [] }

    /// The same; nil where nobody could be asked, which does not mean that the name is unknown.
    static func lookUp(_ host: String) -> [String]? {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        switch unsafe getaddrinfo(name, nil, &hints, &list) {
        case 0: break
        case EAI_NONAME, noAddress: return []
        default: return nil
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: Set<String> = []
        var next = unsafe list
        while let entry = unsafe next {
            if let text = unsafe numeric(entry.pointee) { addresses.insert(text) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.sorted()
    }

    /// `EAI_NODATA`: the name exists and has no address. The header shows it to GNU sources only.
    private static let noAddress: Int32 = -5

    private static func numeric(_ entry: addrinfo) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let count = socklen_t(buffer.count)
        guard unsafe getnameinfo(entry.ai_addr, entry.ai_addrlen, &buffer, count, nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return unsafe entry.ai_family == AF_INET6 ? "[\(text)]" : text
    }
}
