import Protocol

/// A time in which nobody listened to a channel, between two messages that were heard.
struct Hole: Hashable, Sendable {
    /// A message that was heard.
    struct Landmark: Hashable, Sendable {
        var messageID: String
        var sentAt: Timestamp
    }

    var number: Int
    var login: String
    /// Empty where Twitch sent none.
    var roomID: String
    var from: Timestamp
    var through: Timestamp
    /// The last message before it; nil when none was heard since the journal begins.
    var before: Landmark?
    /// The first message behind it; nil until there is one.
    var after: Landmark?
    /// How often the history was asked.
    var attempts = 0
    /// How many lines were published for it.
    var published = 0
    var dueAt: ContinuousClock.Instant
}
