package import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes log lines as text or JSON.
package struct ServiceLogHandler: LogHandler {
    /// The least level that is written: this logger's own where it was set, else its output's.
    package var logLevel: Logger.Level {
        get { self.ownLevel ?? self.output.level ?? self.initialLevel }
        set { self.ownLevel = newValue }
    }
    /// Metadata of every line.
    package var metadata: Logger.Metadata = [:]
    /// Filled by the library; asked for each line.
    package var metadataProvider: Logger.MetadataProvider?

    private let initialLevel: Logger.Level
    private var ownLevel: Logger.Level?
    private let service: String
    private let format: LogFormat
    private let coloured: Bool
    private let output: LogOutput

    /// A handler for `service`; `coloured` is for terminals.
    package init(service: String, level: Logger.Level, format: LogFormat, coloured: Bool, output: LogOutput) {
        self.service = service
        self.initialLevel = level
        self.format = format
        self.coloured = coloured
        self.output = output
    }

    /// Reads and writes metadata of every line.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    /// Writes one line.
    package func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let explicit = event.metadata { metadata.merge(explicit) { $1 } }
        if let error = event.error { metadata[LogKey.error.rawValue] = "\(error)" }
        let line = LogLine(
            time: Date.now.formatted(Self.timeStyle),
            level: event.level,
            service: self.service,
            message: event.message.description,
            metadata: metadata
        )
        let plain = line.rendered(as: self.format, coloured: false)
        self.output.write(plain, coloured: self.coloured ? line.rendered(as: self.format, coloured: true) : plain)
    }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
