/// Thrown by a check that finds something wrong.
struct Complaint: Error, Hashable {
    var status: Int32
    var text: String
    var advice: String?

    init(_ status: Int32, _ text: String, advice: String? = nil) {
        self.status = status
        self.text = text
        self.advice = advice
    }
}

/// Thrown by a check that has nothing to look at.
struct NotApplicable: Error, Hashable {
    var reason: String
}
