/// What a broadcaster can change while live.
package struct StreamDetails: Hashable, Sendable {
    package var title: String
    package var categoryID: String
    package var categoryName: String
    package var language: String
    package var isMature: Bool
    package var tags: [String]

    /// NUL, which not every engine's text can hold, becomes U+FFFD: what is read back must equal what was written.
    package init(
        title: String,
        categoryID: String,
        categoryName: String,
        language: String,
        isMature: Bool,
        tags: [String]
    ) {
        self.title = title.withoutNUL
        self.categoryID = categoryID.withoutNUL
        self.categoryName = categoryName.withoutNUL
        self.language = language.withoutNUL
        self.isMature = isMature
        self.tags = tags.map(\.withoutNUL)
    }
}

extension StreamDetails: Comparable {
    /// An order without a meaning: it lets every writer choose the same of two claims about one moment.
    package static func < (a: StreamDetails, b: StreamDetails) -> Bool {
        a.sortKey.lexicographicallyPrecedes(b.sortKey)
    }

    private var sortKey: [String] {
        [title, categoryID, categoryName, language, isMature ? "1" : "0"] + tags
    }
}

extension String {
    fileprivate var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.lazy.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
