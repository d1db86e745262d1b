/// The wrapper that /me puts around a text: `\u{1}ACTION text\u{1}`, whose end may be missing.
enum ActionWrapper {
    private static let opening = Array("\u{1}ACTION".utf8)

    /// The text inside the wrapper, nil when there is none.
    static func content(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard text.first == 1, text.starts(with: Self.opening) else { return nil }
        var content = text.dropFirst(Self.opening.count)
        switch content.first {
        case .space: content = content.dropFirst()
        case nil, 1: break
        default: return nil  // \u{1}ACTIONABLE
        }
        return content.last == 1 ? content.dropLast() : content
    }
}

extension IRCMessage {
    /// The last parameter without its ACTION wrapper, and whether it had one.
    func unwrappedTrailing() -> (text: ArraySlice<UInt8>, isAction: Bool)? {
        guard let range = self.lastParameterRange else { return nil }
        let text = self.slice(range)
        guard let content = ActionWrapper.content(of: text) else { return (text, false) }
        return (content, true)
    }

    /// The last parameter, unless it is the target itself; else empty.
    package var textBehindTarget: String { self.hasText ? self.trailing ?? "" : "" }

    /// The parameter behind the first one, which only a line with exactly two has as its text.
    var hasText: Bool {
        guard let first = self.firstParameterRange, let last = self.lastParameterRange else { return false }
        return last.lowerBound > first.lowerBound
    }
}
