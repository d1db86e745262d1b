import Synchronization

/// What the readers of one gateway share.
final class ReaderContext: Sendable {
    let connection: ConnectionContext
    let credentials: any CredentialsSource
    let permits: JoinPermitOffice
    let backoff: ReconnectBackoff.Policy
    let pacer: Mutex<ConnectPacer>
    /// The number of the last connection that was opened.
    let numbers = Mutex(0)

    init(
        connection: ConnectionContext,
        credentials: any CredentialsSource,
        permits: JoinPermitOffice,
        backoff: ReconnectBackoff.Policy = .init(),
        pacer: ConnectPacer = .init()
    ) {
        self.connection = connection
        self.credentials = credentials
        self.permits = permits
        self.backoff = backoff
        self.pacer = Mutex(pacer)
    }
}
