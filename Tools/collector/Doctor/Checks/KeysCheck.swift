import EventBus
import FoundationEssentials
import ServiceRuntime

/// The keys that encrypt tcp endpoints, where there are any.
enum KeysCheck {
    static func look(named: String?, stateDirectory: String) throws -> String {
        let path = named ?? BusSecurity.defaultDirectory(stateDirectory)
        let names = KeyDirectory(path).allNames()
        guard named != nil || !names.isEmpty else {
            throw NotApplicable(reason: "none: the services of one machine need none")
        }
        let make = "collector keys generate"
        guard !names.isEmpty else {
            throw Complaint(
                ExitStatus.configuration.rawValue,
                "BUS_KEYS_DIR is '\(path)', where there are no keys",
                advice: "make them with: \(make)"
            )
        }
        let table = KeysTable(KeyDirectory(path), names)
        if let fault = table.faults.first { throw Complaint(ExitStatus.configuration.rawValue, fault) }
        return "\(names.count) in \(path)"
    }
}
