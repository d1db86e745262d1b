import Protocol

/// Whom a follower believes: a decision without I/O about what an endpoint says of itself.
struct ProducerTrust {
    /// Ids are made by `JournalSlot`: a prefix and random digits.
    private static let longestName = 64
    /// Of so many producers it is remembered what they were heard with.
    private static let mostIdentities = 1024

    private var identities: [String: ProducerIdentity] = [:]

    /// Looks at an introduction, and remembers what a producer that is believed was heard with.
    /// - Parameters:
    ///   - hello: What the endpoint says.
    ///   - service: The service that was expected there; nil for any.
    ///   - identity: What vouches for the connection.
    ///   - latestEpoch: The greatest epoch that a producer can have by now.
    /// - Returns: What is wrong with it, in one line; nil when it is believed.
    mutating func refusal(
        of hello: HelloReply,
        service: String?,
        identity: ProducerIdentity,
        latestEpoch: UInt32
    ) -> String? {
        guard Self.isName(hello.producer), Self.isName(hello.service) else {
            return "it calls itself what no producer is called"
        }
        if let service, hello.service != service {
            return "a \(service) was expected there, and it says that it is \(hello.service)"
        }
        guard hello.epoch <= latestEpoch else {
            return "its epoch \(hello.epoch) is in the future: compare the clocks of both machines; "
                + "if its own was ahead once, set BUS_EPOCH_SLACK"
        }
        if let known = identities[hello.producer], !identity.mayFollow(known) {
            return "\(hello.producer) was heard with \(known) before, and this one speaks with \(identity)"
        }
        if identities[hello.producer] != nil || identities.count < Self.mostIdentities {
            identities[hello.producer] = identity
        }
        return nil
    }

    /// Before 2025 there was no such program: a clock that shows less has not been set yet, and knows no future.
    private static let earliest = Timestamp(rawValue: 1_735_689_600_000)

    /// The greatest epoch at a time. Epochs count seconds; a second for each start on top, and clocks differ.
    static func latestEpoch(at now: Timestamp, slack: Duration) -> UInt32 {
        guard now >= earliest else { return UInt32(Int32.max) }
        let seconds = now.rawValue / 1000 - Offset.epochOrigin + slack.components.seconds
        return UInt32(clamping: min(max(0, seconds), Int64(Int32.max)))
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longestName
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension String {
    /// A text from the other side for one line of the log: short, and without control characters.
    var forLog: String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(200).map { $0.properties.isVisible ? $0 : "\u{FFFD}" }))
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isVisible: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
