/// What a broadcaster says about a stream.
struct StreamInfo: Sendable, Equatable {
    var title = ""
    /// The category's name; empty for none.
    var category = ""
    var viewers = 0
    /// ISO 639-1.
    var language = "en"
    var tags: [String] = []

    /// The category's id, the same in every run.
    var categoryID: String {
        switch self.category {
        case "": ""
        case "Just Chatting": "509658"
        default: String(10_000 + Hash.fnv1a(self.category) % 1_900_000_000)
        }
    }

    /// Takes over what a request says.
    mutating func change(_ request: StreamRequest) {
        self.title = request.title ?? self.title
        self.category = request.category ?? self.category
        self.viewers = request.viewers ?? self.viewers
        self.language = request.language ?? self.language
        self.tags = request.tags ?? self.tags
    }
}
