import Protocol

/// Which topics a consumer wants, and what has to be subscribed to for it.
///
/// `prev` chains all events of a partition, whatever their domain and channel. So a follower has to see whole
/// partitions, or each event it filtered out would look like a loss; what the consumer does not want is dropped
/// only after its place in the chain was noted.
package struct TopicFilter: Sendable {
    private static let domains = ["chat", "stream", "token"]

    /// The partitions that hold wanted topics.
    package let partitions: Set<Int>
    private let prefixes: [[UInt8]]
    private let takesAll: Bool

    /// - Parameter topics: Prefixes such as `chat.`, `chat.p07.` or `chat.p07.quietharbor.`.
    package init(_ topics: [String]) {
        prefixes = topics.map { Array($0.utf8) }
        partitions = topics.reduce(into: []) { $0.formUnion(Self.partitions(of: $1)) }
        let names = Self.domains.map { "\($0)." }
        takesAll = topics.contains("") || names.allSatisfy(topics.contains)
    }

    /// What to subscribe to for some of the partitions; at most 96, as libzmq gets slow beyond a hundred.
    package func subscriptions(to wanted: Set<Int>) -> [String] {
        let names = Self.domains.map { "\($0)." }
        return wanted.count == Partition.count
            ? names : wanted.sorted().flatMap { partition in names.map { $0 + Self.segment(partition) } }
    }

    /// What to subscribe to for all of them.
    package var subscriptions: [String] { subscriptions(to: partitions) }

    /// Whether the consumer wants a frame with this topic.
    package func wants(_ frame: [UInt8]) -> Bool {
        takesAll || prefixes.contains { frame.starts(with: $0) }
    }

    private static func segment(_ partition: Int) -> String {
        partition < 10 ? "p0\(partition)." : "p\(partition)."
    }

    private static func partitions(of topic: String) -> Set<Int> {
        let all = Set(0..<Partition.count)
        guard let dot = topic.firstIndex(of: ".") else { return all }
        let rest = topic[topic.index(after: dot)...]
        return all.filter { partition in
            let segment = segment(partition)
            return rest.hasPrefix(segment) || segment.hasPrefix(rest)
        }
    }
}
