import Logging
import Synchronization
import TwitchChat

/// The readers of a gateway by number.
final class ReaderList: Sendable {
    private let readers = Mutex<[Int: ChatReader]>([:])
    let stopped = Signal<Void>()

    /// Carries out what the assignment changed; another gateway reads the channels that are `handedOver`. Returns the readers
    /// that have to be run now.
    func apply(
        _ changes: [ChannelAssignment.Change],
        handedOver: Set<String>,
        context: ReaderContext,
        logger: Logger
    ) async -> [ChatReader] {
        var opened: [ChatReader] = []
        for change in changes {
            switch change {
            case .open(let number, let isAnonymous):
                let reader = ChatReader(number: number, isAnonymous: isAnonymous, context: context, logger: logger)
                readers.withLock { $0[number] = reader }
                opened.append(reader)
            case .add(let login, let number):
                self[number]?.add(login)
            case .remove(let login, let number):
                await self[number]?.remove(login, because: handedOver.contains(login) ? .handedOver : .removed)
            case .close(let number):
                readers.withLock { $0.removeValue(forKey: number) }?.stop(.unneeded)
            }
        }
        // A stop that came meanwhile did not see them.
        if stopped.value != nil { for reader in opened { reader.stop(.shutdown) } }
        return opened
    }

    func stop() {
        stopped.fire(())
        for reader in readers.withLock({ Array($0.values) }) { reader.stop(.shutdown) }
    }

    var progress: ReaderProgress {
        readers.withLock { Array($0.values) }.map(\.progress).reduce(ReaderProgress(), +)
    }

    private subscript(number: Int) -> ChatReader? {
        readers.withLock { $0[number] }
    }
}
