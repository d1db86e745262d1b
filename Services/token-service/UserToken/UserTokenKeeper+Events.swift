import TokenStore
import TwitchAPI

extension UserTokenKeeper {
    /// What happened.
    enum Event: Sendable {
        /// The token file was read: at start, and when it is another one than before. Nil: there is none.
        case stored(StoredTokens?)
        /// The token file cannot be used.
        case unreadable(String)
        /// The lock of the one refresher was looked at.
        case lock(ProcessLock.State)
        /// A service tells that Twitch refused a token.
        case rejected(fingerprint: String, reason: String)
        /// Twitch was asked about the token.
        case validated(Int, Result<TokenValidation, OAuthError>)
        /// The intent is on disk; nil when the token was replaced there.
        case intentWritten(Int, Result<RefreshIntent?, StorageFailure>)
        /// Twitch was asked for a new pair.
        case refreshed(Int, Result<TokenGrant, OAuthError>)
        /// The new pair is on disk; false when a login or logout came first.
        case kept(Int, Result<Bool, StorageFailure>)
        /// Time has passed.
        case tick
        /// The process is to end: nothing new is begun.
        case stop
    }

    /// What to do.
    enum Action: Hashable, Sendable {
        /// Ask `/validate`.
        case validate(Int, StoredToken)
        /// Put the intent on disk.
        case writeIntent(Int, StoredToken)
        /// Ask `/token` for a new pair.
        case refresh(Int, StoredToken)
        /// Put the new pair on disk, in the place of the intent.
        case keep(Int, RefreshIntent, StoredToken)
        /// Take the intent off the disk: nothing was spent.
        case abandon(RefreshIntent)
        /// Put on disk what was learned about the token.
        case note(StoredToken)
        /// Put on disk that the login is over.
        case refuse(StoredToken, String)
        /// Give the token to the services.
        case publish(StoredToken)
        /// Take the token back from the services.
        case withdraw(fingerprint: String, reason: String)
        /// Put the file back that was removed, or that holds the older pair `over`.
        case restore(StoredTokens, over: StoredToken?)
        /// Read the file again.
        case reread
        /// Tell a person.
        case tell(Notice)
    }

    /// What a person is told, once each time.
    enum Notice: Hashable, Sendable {
        case noAccount
        case valid(StoredToken)
        case lacksChatRead(StoredToken)
        case refreshed(StoredToken)
        case rejected(String)
        /// A problem that is tried again; told when it begins.
        case trouble(String)
        case troubleOver
        case answerLost(String)
        /// The refresh with the lost answer did not happen.
        case refreshDidNotHappen
        case error(String)
        /// A login or logout came during a refresh and counts.
        case superseded
        /// The token file was removed, or replaced by an older one, and is put back.
        case fileRestored
        /// The lock of the one refresher had been removed, and is held again.
        case lockRestored
        /// Somebody set the wall clock, by so much.
        case clockSet(Duration)
    }
}

/// Why the token file could not be changed.
struct StorageFailure: Error, Hashable, CustomStringConvertible {
    var description: String

    init(_ error: any Error) { self.description = "\(error)" }
}
