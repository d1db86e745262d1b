package import Logging

/// The keys of log metadata: dotted, the same word everywhere.
package enum LogKey: String, Sendable {
    case address = "http.address"
    case channel = "irc.channel"
    case channelCount = "channels.count"
    case durationMilliseconds = "duration.ms"
    case error = "error"
    case eventCount = "events.count"
    case file = "file.path"
    case line = "file.line"
    case offset = "bus.offset"
    case partition = "bus.partition"
    case producer = "bus.producer"
    case reason = "reason"
    case retryAfterMilliseconds = "retry.after_ms"
    case stopSeconds = "stop.seconds"
    case stopping = "stop.services"
    case url = "url.full"
}

extension [String: Logger.Metadata.Value] {
    /// `[.error: "…"]` with keys that cannot be misspelt.
    package static func keyed(_ pairs: KeyValuePairs<LogKey, Logger.Metadata.Value>) -> Self {
        Self(pairs.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension Logger {
    /// Reads and writes metadata by key.
    package subscript(key: LogKey) -> Logger.Metadata.Value? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }
}
