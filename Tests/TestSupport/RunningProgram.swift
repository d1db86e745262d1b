import Foundation
import Synchronization
import Testing

/// A real process of ours, started for a test; its output goes to files below a temporary folder.
package final class RunningProgram: Sendable {
    package let name: String
    package let outputFile: String
    package let errorFile: String
    private let process: Mutex<Process>
    private let ended = Mutex<Int32?>(nil)

    /// The folder that our executables are built into: the test runner's own.
    package static var programs: String {
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return String(link[..<(link.lastIndex(of: "/") ?? link.startIndex)])
    }

    /// Starts `name` from the build folder, or a program by its absolute path.
    /// - Parameters:
    ///   - name: Such as `irc-gateway`.
    ///   - arguments: The command line behind the name.
    ///   - environment: All that the program gets beside PATH and HOME: tests must not depend on the machine's settings.
    ///   - directory: The working directory; output files are put here.
    /// - Throws: When the program cannot be started.
    package init(
        _ name: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        in directory: String
    ) throws {
        self.name = name
        let label = String(name.split(separator: "/").last ?? "program")
        let unique = "\(label)-\(UInt32.random(in: 0...UInt32.max))"
        outputFile = "\(directory)/\(unique).out"
        errorFile = "\(directory)/\(unique).err"
        let files = FileManager.default
        _ = files.createFile(atPath: outputFile, contents: nil)
        _ = files.createFile(atPath: errorFile, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : "\(Self.programs)/\(name)")
        process.arguments = arguments
        var environment = environment
        for inherited in ["PATH", "HOME"] where environment[inherited] == nil {
            environment[inherited] = ProcessInfo.processInfo.environment[inherited]
        }
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardOutput = FileHandle(forWritingAtPath: outputFile)
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        process.standardInput = FileHandle.nullDevice
        self.process = Mutex(process)
        process.terminationHandler = { [weak self] process in
            let status = process.terminationStatus
            self?.ended.withLock { $0 = process.terminationReason == .exit ? status : -status }
        }
        try process.run()
    }

    deinit {
        if isRunning { send(SIGKILL) }
    }

    package var pid: Int32 { process.withLock { $0.processIdentifier } }

    package var isRunning: Bool { ended.withLock { $0 == nil } }

    package var output: String { (try? String(contentsOfFile: outputFile, encoding: .utf8)) ?? "" }

    package var errorOutput: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

    /// Sends a signal, if the process is still there.
    package func send(_ signal: Int32) {
        ended.withLock { ended in
            if ended == nil { kill(pid, signal) }
        }
    }

    /// The exit code, or the negated signal that ended it.
    package func exitCode(within deadline: Duration = .seconds(180)) async throws -> Int32 {
        try await eventually("\(name) ends; it said: \(errorOutput.suffix(500))", within: deadline) { !isRunning }
        return ended.withLock { $0 ?? -1 }
    }

    /// SIGTERM, then the exit code.
    @discardableResult
    package func stop() async throws -> Int32 {
        send(SIGTERM)
        return try await exitCode()
    }

    /// `kill -9`, and waits until it is gone.
    package func killNow() async throws {
        send(SIGKILL)
        _ = try await exitCode()
    }
}
