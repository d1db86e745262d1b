/// `SNAP`: asks for the present state of a topic, which is then followed live; the highest version wins.
package struct SnapRequest: Hashable, Sendable, Codable {
    package var request: Int
    package var topic: String

    package init(request: Int, topic: String) {
        self.request = request
        self.topic = topic
    }
}

/// The reply to `SNAP`.
package struct SnapReply: Hashable, Sendable {
    package var request: Int
    package var version: Int
    /// One JSON value, as it is: what it means is the topic's matter.
    package var state: [UInt8]

    package init(request: Int, version: Int, state: [UInt8]) {
        self.request = request
        self.version = version
        self.state = state
    }
}

extension SnapReply {
    private enum CodingKeys: String, CaseIterable {
        case request
        case version
        case state
    }

    private static let keys = JSONKeys(CodingKeys.self)

    /// The reply's JSON, the state spliced in.
    func json() -> [UInt8] {
        JSONWriter.bytes(capacity: 80 + state.count) { json in
            json.byte("{")
            json.field("request", request)
            json.field("version", version)
            json.key("state")
            json.raw(state)
            json.byte("}")
        }
    }

    /// Reads the reply's JSON; the state is checked to be JSON and not understood.
    init(json bytes: [UInt8]) throws(EnvelopeError) {
        let result: Result<SnapReply, EnvelopeError> = unsafe bytes.withContiguousBytes { buffer in
            do throws(EnvelopeError) {
                var json = unsafe JSONReader(buffer)
                var members = try json.members(Self.keys)
                var (request, version, state) = (Int?.none, Int?.none, Range<Int>?.none)
                while let key = try json.next(&members) {
                    switch key {
                    case .request: request = try json.value()
                    case .version: version = try json.value()
                    case .state: state = try json.skip()
                    }
                }
                try json.expectEnd()
                return .success(
                    SnapReply(
                        request: try json.require(request, CodingKeys.request),
                        version: try json.require(version, CodingKeys.version),
                        state: unsafe Array(buffer[try json.require(state, CodingKeys.state)])
                    )
                )
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }
}
