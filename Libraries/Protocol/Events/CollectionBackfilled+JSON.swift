extension CollectionBackfilled: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("gateway", gateway)
        json.field("source", source)
        json.field("hole_started_at", holeStartedAt)
        json.field("hole_ended_at", holeEndedAt)
        json.field("is_complete", isComplete)
        json.field("message_before", messageBefore)
        json.field("message_after", messageAfter)
        json.field("lines_offered", linesOffered)
        json.field("lines_published", linesPublished)
        json.field("failure", failure)
        json.field("finished_at", finishedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> CollectionBackfilled {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var gateway: String?
        var source: String?
        var holeStartedAt: Timestamp?
        var holeEndedAt: Timestamp?
        var isComplete: Bool?
        var messageBefore: String?
        var messageAfter: String?
        var linesOffered: Int?
        var linesPublished: Int?
        var failure: String?
        var finishedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .gateway: gateway = try json.value()
            case .source: source = try json.value()
            case .holeStartedAt: holeStartedAt = try json.value()
            case .holeEndedAt: holeEndedAt = try json.value()
            case .isComplete: isComplete = try json.value()
            case .messageBefore: messageBefore = try json.value()
            case .messageAfter: messageAfter = try json.value()
            case .linesOffered: linesOffered = try json.value()
            case .linesPublished: linesPublished = try json.value()
            case .failure: failure = try json.value()
            case .finishedAt: finishedAt = try json.value()
            }
        }
        return CollectionBackfilled(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            gateway: try json.require(gateway, CodingKeys.gateway),
            source: try json.require(source, CodingKeys.source),
            holeStartedAt: try json.require(holeStartedAt, CodingKeys.holeStartedAt),
            holeEndedAt: try json.require(holeEndedAt, CodingKeys.holeEndedAt),
            isComplete: try json.require(isComplete, CodingKeys.isComplete),
            messageBefore: messageBefore,
            messageAfter: messageAfter,
            linesOffered: try json.require(linesOffered, CodingKeys.linesOffered),
            linesPublished: try json.require(linesPublished, CodingKeys.linesPublished),
            failure: failure,
            finishedAt: try json.require(finishedAt, CodingKeys.finishedAt)
        )
    }
}
