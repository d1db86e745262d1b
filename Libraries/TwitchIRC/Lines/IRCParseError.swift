/// Why a line is no IRC message.
package enum IRCParseError: Error, Hashable, Sendable {
    /// Nothing but tags or prefix, or an empty line.
    case noCommand
    /// The line ends inside its tags.
    case unfinishedTags
    /// The line ends inside its prefix.
    case unfinishedPrefix
    /// Neither letters only nor three digits.
    case malformedCommand
    /// A CR or LF inside the line.
    case lineBreak
    /// Over 2 GiB.
    case tooLong
}

extension IRCParseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noCommand: "IRC line has no command"
        case .unfinishedTags: "IRC line ends inside its tags"
        case .unfinishedPrefix: "IRC line ends inside its prefix"
        case .malformedCommand: "IRC command is neither letters nor three digits"
        case .lineBreak: "IRC line holds a CR or LF"
        case .tooLong: "IRC line is longer than 2 GiB"
        }
    }
}
