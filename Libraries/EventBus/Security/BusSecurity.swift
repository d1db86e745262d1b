import PrivateFiles
import ZeroMQ

/// Who this service is on encrypted endpoints, and whom it trusts.
///
/// The keys directory (`BUS_KEYS_DIR`, default `$STATE_DIR/keys`) holds this service's `NAME.key` and everybody's
/// `NAME.pub`: who has no `.pub` here is a stranger. Public keys are read again while running, so that a new key, or one
/// that was removed, takes effect without a restart.
package struct BusSecurity: Sendable {
    /// Own service's name, such as `irc-gateway`.
    package let name: String
    package let directory: KeyDirectory
    /// Own identity, from `NAME.key`.
    let pair: CurveKeyPair

    /// Reads this service's own key.
    /// - Throws: `BusSecurityError`, one line, where it is missing, may be read by others, or is damaged; `ZeroMQError`
    ///   where libzmq cannot encrypt.
    package init(keysDirectory: String, name: String) throws {
        try CurveSupport.require()
        self.name = name
        directory = KeyDirectory(keysDirectory)
        pair = try directory.pair(name)
    }

    /// What a service's settings mean: a directory that was named must hold its key; the default one may have none, and
    /// then endpoints are plain text where that is allowed at all.
    /// - Parameters:
    ///   - named: `BUS_KEYS_DIR`; nil when it is not set.
    ///   - stateDirectory: `STATE_DIR`.
    ///   - name: Own service's name.
    /// - Returns: Nil where there are no keys and none are demanded.
    /// - Throws: As `init(keysDirectory:name:)`.
    package static func configured(_ named: String?, stateDirectory: String, name: String) throws -> BusSecurity? {
        if let named { return try BusSecurity(keysDirectory: named, name: name) }
        let directory = defaultDirectory(stateDirectory)
        guard KeyDirectory(directory).hasPair(name) else { return nil }
        return try BusSecurity(keysDirectory: directory, name: name)
    }

    /// Where keys are unless `BUS_KEYS_DIR` says otherwise.
    package static func defaultDirectory(_ stateDirectory: String) -> String { "\(stateDirectory)/keys" }

    /// How to connect to a service: nobody but the owner of its secret key can answer.
    func client(of service: String) throws(BusSecurityError) -> CurveRole {
        .client(pair, serverKey: try directory.publicKey(service))
    }

    /// The present public keys of the named services, or of everybody.
    /// - Parameters:
    ///   - names: Whose; nil for all in the directory.
    ///   - last: What was read before. It stays for what cannot be read now, be it the folder or one file: not being able
    ///     to look is no reason to shut anybody out. A file that is gone, or that holds no key, is one.
    /// - Returns: Who is trusted from now on, and what is wrong.
    func trusted(_ names: [String]?, keeping last: TrustedKeys) -> TrustedKeys {
        let present: [String]
        do throws(PrivateFileError) {
            present = try directory.list()
        } catch {
            var kept = last
            kept.faults = ["\(error); whom it named last may go on"]
            return kept
        }
        var trusted = TrustedKeys()
        for name in names ?? present {
            guard present.contains(name) else {
                trusted.missing.append(name)
                continue
            }
            switch directory.lookUp(name) {
            case .key(let key):
                // A key under two names is whichever may do more: whoever put both there trusts it with that.
                if trusted.names[key].map(BusRole.init(keyName:)) == .writer { continue }
                trusted.names[key] = name
            case .unreadable(let reason):
                trusted.faults.append(reason)
                for (key, known) in last.names where known == name { trusted.names[key] = name }
            case .unusable(let reason):
                trusted.faults.append(reason)
            }
        }
        return trusted
    }
}

/// What the keys directory says about others.
struct TrustedKeys: Hashable, Sendable {
    /// Names by public key.
    var names: [String: String] = [:]
    /// Who should be there and has no file.
    var missing: [String] = []
    /// Files that cannot be used, one line each.
    var faults: [String] = []

    var keys: Set<String> { Set(names.keys) }
}
