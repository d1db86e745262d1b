import ServiceRuntime

extension String {
    /// The login that a person means by it: without `#`, in lower case, out of the address of a page; as it is where it names
    /// no channel.
    var channelLogin: String {
        switch ChannelReference(self) {
        case .login(let login): login
        case .userID, nil: trimmingPrefix("#").lowercased()
        }
    }
}
