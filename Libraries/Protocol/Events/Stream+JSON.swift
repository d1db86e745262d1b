extension StreamOnline: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("broadcaster_user_name", broadcasterUserName)
        json.field("stream_id", streamID)
        json.field("title", title)
        json.field("category_id", categoryID)
        json.field("category_name", categoryName)
        json.field("language", language)
        json.field("tags", tags)
        json.field("is_mature", isMature)
        json.field("viewer_count", viewerCount)
        json.field("started_at", startedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> StreamOnline {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var broadcasterUserName: String?
        var streamID: String?
        var title: String?
        var categoryID: String?
        var categoryName: String?
        var language: String?
        var tags: [String]?
        var isMature: Bool?
        var viewerCount: Int?
        var startedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .broadcasterUserName: broadcasterUserName = try json.value()
            case .streamID: streamID = try json.value()
            case .title: title = try json.value()
            case .categoryID: categoryID = try json.value()
            case .categoryName: categoryName = try json.value()
            case .language: language = try json.value()
            case .tags: tags = try json.value()
            case .isMature: isMature = try json.value()
            case .viewerCount: viewerCount = try json.value()
            case .startedAt: startedAt = try json.value()
            }
        }
        return StreamOnline(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            broadcasterUserName: try json.require(broadcasterUserName, CodingKeys.broadcasterUserName),
            streamID: try json.require(streamID, CodingKeys.streamID),
            title: try json.require(title, CodingKeys.title),
            categoryID: try json.require(categoryID, CodingKeys.categoryID),
            categoryName: try json.require(categoryName, CodingKeys.categoryName),
            language: try json.require(language, CodingKeys.language),
            tags: try json.require(tags, CodingKeys.tags),
            isMature: try json.require(isMature, CodingKeys.isMature),
            viewerCount: try json.require(viewerCount, CodingKeys.viewerCount),
            startedAt: try json.require(startedAt, CodingKeys.startedAt)
        )
    }
}

extension StreamUpdate: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("broadcaster_user_name", broadcasterUserName)
        json.field("stream_id", streamID)
        json.field("title", title)
        json.field("category_id", categoryID)
        json.field("category_name", categoryName)
        json.field("language", language)
        json.field("tags", tags)
        json.field("is_mature", isMature)
        json.field("viewer_count", viewerCount)
        json.field("observed_at", observedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> StreamUpdate {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var broadcasterUserName: String?
        var streamID: String?
        var title: String?
        var categoryID: String?
        var categoryName: String?
        var language: String?
        var tags: [String]?
        var isMature: Bool?
        var viewerCount: Int?
        var observedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .broadcasterUserName: broadcasterUserName = try json.value()
            case .streamID: streamID = try json.value()
            case .title: title = try json.value()
            case .categoryID: categoryID = try json.value()
            case .categoryName: categoryName = try json.value()
            case .language: language = try json.value()
            case .tags: tags = try json.value()
            case .isMature: isMature = try json.value()
            case .viewerCount: viewerCount = try json.value()
            case .observedAt: observedAt = try json.value()
            }
        }
        return StreamUpdate(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            broadcasterUserName: try json.require(broadcasterUserName, CodingKeys.broadcasterUserName),
            streamID: try json.require(streamID, CodingKeys.streamID),
            title: try json.require(title, CodingKeys.title),
            categoryID: try json.require(categoryID, CodingKeys.categoryID),
            categoryName: try json.require(categoryName, CodingKeys.categoryName),
            language: try json.require(language, CodingKeys.language),
            tags: try json.require(tags, CodingKeys.tags),
            isMature: try json.require(isMature, CodingKeys.isMature),
            viewerCount: try json.require(viewerCount, CodingKeys.viewerCount),
            observedAt: try json.require(observedAt, CodingKeys.observedAt)
        )
    }
}

extension StreamOffline: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("broadcaster_user_id", broadcasterUserID)
        json.field("broadcaster_user_login", broadcasterUserLogin)
        json.field("broadcaster_user_name", broadcasterUserName)
        json.field("stream_id", streamID)
        json.field("ended_at", endedAt)
        json.field("ended_at_basis", endedAtBasis)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> StreamOffline {
        var members = try json.members(keys)
        var broadcasterUserID: String?
        var broadcasterUserLogin: String?
        var broadcasterUserName: String?
        var streamID: String?
        var endedAt: Timestamp?
        var endedAtBasis: String?
        while let key = try json.next(&members) {
            switch key {
            case .broadcasterUserID: broadcasterUserID = try json.value()
            case .broadcasterUserLogin: broadcasterUserLogin = try json.value()
            case .broadcasterUserName: broadcasterUserName = try json.value()
            case .streamID: streamID = try json.value()
            case .endedAt: endedAt = try json.value()
            case .endedAtBasis: endedAtBasis = try json.value()
            }
        }
        return StreamOffline(
            broadcasterUserID: try json.require(broadcasterUserID, CodingKeys.broadcasterUserID),
            broadcasterUserLogin: try json.require(broadcasterUserLogin, CodingKeys.broadcasterUserLogin),
            broadcasterUserName: try json.require(broadcasterUserName, CodingKeys.broadcasterUserName),
            streamID: try json.require(streamID, CodingKeys.streamID),
            endedAt: try json.require(endedAt, CodingKeys.endedAt),
            endedAtBasis: try json.require(endedAtBasis, CodingKeys.endedAtBasis)
        )
    }
}
