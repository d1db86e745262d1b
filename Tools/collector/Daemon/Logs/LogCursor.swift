import FoundationEssentials
import SystemPackage

/// A place in a log file that is rotated under us: what was read stays read, and nothing between is skipped.
struct LogCursor {
    private let path: String
    private let service: String
    private var file: FileDescriptor?
    /// The beginning of a line whose end was not written yet.
    private var rest: [UInt8] = []
    private var lastTime = ""

    /// How much of a line's length is assumed when looking for the last ones.
    private static let typicalLine = 1024

    init(_ service: DaemonService, stateDirectory: String) {
        self.service = service.name
        path = DaemonLog.path(of: service, stateDirectory: stateDirectory)
    }

    /// Up to `count` of the newest lines, those of the file before the last rotation too. Reading goes on behind them.
    mutating func last(_ count: Int) -> [LogRecord] {
        file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        guard let file else { return [] }
        var records = tail(of: file, count)
        if records.count < count, let older = try? FileDescriptor.open(FilePath(path + ".1"), .readOnly) {
            defer { try? older.close() }
            let (unfinished, time) = (rest, lastTime)
            rest = []
            records = tail(of: older, count - records.count) + records
            (rest, lastTime) = (unfinished, time)
        }
        return records
    }

    /// What was written since the last call.
    mutating func newest() -> [LogRecord] {
        var records: [LogRecord] = []
        if let file {
            records += readOn(file)
            guard isReplaced(file) else { return records }
            // The writer has moved on; what it wrote in between is still in the old file.
            records += readOn(file)
            try? file.close()
        }
        file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        if let file { records += readOn(file) }
        return records
    }

    private mutating func tail(of file: FileDescriptor, _ count: Int) -> [LogRecord] {
        let size = (try? file.seek(offset: 0, from: .end)) ?? 0
        let start = max(0, size - Int64(count * Self.typicalLine + Self.typicalLine))
        _ = try? file.seek(offset: start, from: .start)
        var records = readOn(file)
        // The first one has most likely lost its beginning.
        if start > 0, !records.isEmpty { records.removeFirst() }
        return records.suffix(count)
    }

    private mutating func readOn(_ file: FileDescriptor) -> [LogRecord] {
        var bytes = rest
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while let count = try? unsafe chunk.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }), count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        }
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            rest = bytes
            return []
        }
        rest = Array(bytes[(end + 1)...])
        return bytes[..<end].split(separator: UInt8(ascii: "\n")).map { line in
            let line = String(decoding: line, as: UTF8.self)
            lastTime = LogRecord.time(of: line) ?? lastTime
            return LogRecord(time: lastTime, service: service, line: line)
        }
    }

    private func isReplaced(_ file: FileDescriptor) -> Bool {
        guard let current = try? FilePath(path).stat().inode, let ours = try? file.stat().inode else { return false }
        return current != ours
    }
}

extension [LogRecord] {
    /// In the order of time; lines of one service stay in theirs.
    func merged() -> [LogRecord] {
        enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}
