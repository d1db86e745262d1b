import Protocol
import ServiceRuntime

/// Under which logins the wanted channels are joined today. No I/O.
///
/// The list names channels by login or by id; the stream-poller knows who they are. What it has not told is joined as
/// the list names it, so that a gateway without a poller works all the same.
struct ChannelNames: Sendable {
    private var list: ChannelList
    private var known: ChannelsState

    init(_ list: ChannelList, known: ChannelsState = ChannelsState(channels: [], unknown: [])) {
        self.list = list
        self.known = known
    }

    /// Other channels are wanted.
    mutating func want(_ list: ChannelList) { self.list = list }

    /// What the poller says. What it does not mention, because its list is another or an older one, stays known.
    mutating func learn(_ state: ChannelsState) {
        let told = Set(state.channels.map(Key.init))
        known.channels = state.channels + known.channels.filter { !told.contains(Key($0)) && isWanted($0) }
        known.unknown = state.unknown
    }

    /// What is known of the wanted channels: to be kept for the next start.
    var state: ChannelsState { known }

    /// The logins to join, in the order of the list, each once.
    var logins: [String] {
        var seen: Set<String> = []
        let names = list.logins.map { channel(login: $0)?.userLogin ?? $0 } + list.userIDs.compactMap { login(id: $0) }
        return names.filter { seen.insert($0).inserted }
    }

    /// Channels that are joined under another login than the list's: listed, and now.
    var renamed: [(listed: String, login: String)] {
        list.logins.compactMap { listed in
            channel(login: listed).flatMap { $0.userLogin == listed ? nil : (listed, $0.userLogin) }
        }
    }

    /// The logins of channels that were not known before, or were somebody else, and are there now.
    func appeared(since before: ChannelNames) -> Set<String> {
        let earlier = Dictionary(before.known.channels.map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let unknown = Set(before.known.unknown)
        let channels = known.channels.filter { channel in
            let old = earlier[Key(channel)]
            let wasUnknown = unknown.contains(channel.listedAs) && !known.unknown.contains(channel.listedAs)
            return wasUnknown || old.map { $0.userID != channel.userID || $0.userLogin != channel.userLogin } ?? false
        }
        return Set(channels.map(\.userLogin))
    }

    /// Ids whose login nobody has told yet.
    var waiting: [String] { list.userIDs.filter { login(id: $0) == nil && !known.unknown.contains($0) } }

    private struct Key: Hashable {
        var listedAs: String
        var isID: Bool

        init(_ channel: ChannelsState.Channel) {
            listedAs = channel.listedAs
            isID = channel.listedAs == channel.userID
        }
    }

    private func isWanted(_ channel: ChannelsState.Channel) -> Bool {
        let key = Key(channel)
        return key.isID ? list.userIDs.contains(key.listedAs) : list.logins.contains(key.listedAs)
    }

    /// A login of digits only may look like somebody's id: an entry by id is none for it.
    private func channel(login: String) -> ChannelsState.Channel? {
        known.channels.first { $0.listedAs == login && $0.listedAs != $0.userID }
    }

    private func login(id: String) -> String? {
        known.channels.first { $0.userID == id }?.userLogin
    }
}
