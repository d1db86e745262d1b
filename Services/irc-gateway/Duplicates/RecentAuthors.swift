/// Who wrote the last messages: CLEARMSG names the author's login only, and the login may change.
///
/// Two generations of at most `limit` messages each; a user id is a number and takes eight bytes.
struct RecentAuthors: Sendable {
    private let limit: Int
    private var older: [UInt128: UInt64] = [:]
    private var newer: [UInt128: UInt64] = [:]

    init(limit: Int = 32_768) {
        self.limit = limit
        newer.reserveCapacity(limit)
        older.reserveCapacity(limit)
    }

    /// The user id of the author of a message, if it is among the last ones.
    func author(of message: UInt128) -> String? {
        (newer[message] ?? older[message]).map { String($0) }
    }

    mutating func remember(_ message: UInt128, by userID: String) {
        // Leading zeros would be lost; Twitch's ids have none.
        guard let number = UInt64(userID), userID.utf8.first != UInt8(ascii: "0") else { return }
        if newer.count >= limit {
            swap(&older, &newer)
            newer.removeAll(keepingCapacity: true)
        }
        newer[message] = number
    }
}
