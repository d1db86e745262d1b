import Synchronization

/// Which channels are wanted, and which of them the account cannot read.
final class ChannelDemand: Sendable {
    struct Wanted: Hashable, Sendable {
        /// In the order of the list.
        var logins: [String] = []
        /// Those among them that are read anonymously even where an account is used.
        var anonymously: Set<String> = []
        /// Those on the list that another gateway reads.
        var elsewhere: Set<String> = []
    }

    private let wanted = Mutex(Wanted())
    /// One element for each change; a reader that is late finds the newest state all the same.
    let changes: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() {
        (changes, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var current: Wanted { wanted.withLock { $0 } }

    /// Other channels are wanted from now on; those `elsewhere` are left to another gateway. Those that stay are not touched.
    func want(_ logins: [String], elsewhere: Set<String> = []) {
        wanted.withLock { wanted in
            wanted.logins = logins
            wanted.elsewhere = elsewhere
            wanted.anonymously.formIntersection(logins)
        }
        bell.yield()
    }

    /// The account is not let into a channel: it is read without it, until it is taken off the list.
    func readAnonymously(_ login: String) {
        let isNews = wanted.withLock { wanted in
            wanted.logins.contains(login) && wanted.anonymously.insert(login).inserted
        }
        if isNews { bell.yield() }
    }

    /// Nothing is wanted any more.
    func finish() { bell.finish() }
}
