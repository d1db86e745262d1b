package import FoundationEssentials

/// What one look at a neighbour's slot shows.
package struct SlotNeighbour: Hashable, Sendable {
    /// The neighbour's identity, such as `gw-7f3a91c2`.
    package var producer: String
    /// A process holds its presence.
    package var isHeld: Bool
    /// Another number with each beat.
    package var beat: Int64
    /// What it says of itself; nil before its first word.
    package var words: Data?

    package init(producer: String, isHeld: Bool, beat: Int64, words: Data?) {
        self.producer = producer
        self.isHeld = isHeld
        self.beat = beat
        self.words = words
    }
}

/// The other slots of a service below one `STATE_DIR`.
package struct SlotNeighbours: Sendable {
    private let parent: String
    private let own: String

    /// `directory` is the looking producer's own slot.
    package init(of directory: String) {
        let slash = directory.lastIndex(of: "/") ?? directory.startIndex
        parent = String(directory[..<slash])
        own = String(directory[slash...].dropFirst())
    }

    /// Everybody who is present, or ended without notice. Blocks on the disk.
    package func look() throws(JournalError) -> [SlotNeighbour] {
        var neighbours: [SlotNeighbour] = []
        for name in try DurableFile.names(in: parent).sorted() where name != own && JournalSlot.slotNumber(name) != nil
        {
            let directory = "\(parent)/\(name)"
            let lock = SlotPresence.lockFile(directory)
            // A slot whose identity cannot be read has nobody in it.
            guard let beat = DurableFile.modified(lock),
                let identity = try? JSONFile.read(SlotIdentity.self, from: directory + "/identity.json")
            else { continue }
            // In this order: words that are read while the lock is held are the holder's.
            let isHeld = DurableFile.isLocked(lock)
            let words = try DurableFile.read(SlotPresence.words(directory))
            neighbours.append(
                SlotNeighbour(producer: identity.producer, isHeld: isHeld, beat: beat, words: words)
            )
        }
        return neighbours
    }
}
