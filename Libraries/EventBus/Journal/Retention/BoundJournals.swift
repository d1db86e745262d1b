import Synchronization

/// Journals on this machine that are kept for some database.
package enum BoundJournals {
    /// The directories of all slots below `stateDirectory` whose journals obey a database for this group, sorted. What cannot be
    /// read is passed over: its own service tells of it.
    package static func directories(stateDirectory: String, group: String) async -> [String] {
        let found = Mutex<[String]>([])
        try? await DedicatedThread.run("bound-journals") {
            let directories = look(stateDirectory, group)
            found.withLock { $0 = directories }
        }
        return found.withLock { $0 }
    }

    private static func look(_ stateDirectory: String, _ group: String) -> [String] {
        let root = "\(stateDirectory)/journal"
        let services = (try? DurableFile.names(in: root)) ?? []
        let slots = services.flatMap { service in
            ((try? DurableFile.names(in: "\(root)/\(service)")) ?? []).map { "\(root)/\(service)/\($0)" }
        }
        return slots.filter { slot in
            let saved = try? JSONFile.read(Acknowledgements.self, from: Acknowledgements.path(in: slot))
            return saved?.groups[group] != nil
        }.sorted()
    }
}
