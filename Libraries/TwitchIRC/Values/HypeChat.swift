/// A paid, pinned message (`pinned-chat-paid-*`).
package struct HypeChat: Hashable, Sendable {
    /// In units of 10^-`exponent` of `currency`.
    package let amount: Int
    package let canonicalAmount: Int?
    /// ISO 4217, such as `NOK`.
    package let currency: String
    package let exponent: Int
    /// `ONE` to `TEN`.
    package let level: String
    package let isSystemMessage: Bool

    /// nil when the line is none.
    init?(_ irc: IRCMessage) {
        guard let amount = irc.integer(.pinnedChatPaidAmount) else { return nil }
        self.amount = amount
        self.canonicalAmount = irc.integer(.pinnedChatPaidCanonicalAmount)
        self.currency = irc.text(.pinnedChatPaidCurrency)
        self.exponent = irc.integer(.pinnedChatPaidExponent) ?? 0
        self.level = irc.text(.pinnedChatPaidLevel)
        self.isSystemMessage = irc.flag(.pinnedChatPaidIsSystemMessage) ?? false
    }
}
