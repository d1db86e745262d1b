import Foundation
import Logging
import Testing

@testable import ServiceRuntime

struct LogSettingsTests {
    @Test(arguments: [
        ("INFO", Logger.Level.info), ("Warning", .warning), ("CRITICAL", .critical), ("debug", .debug),
        ("warn", .warning),
    ])
    func `levels are read in any case, with Python's names`(text: String, level: Logger.Level) throws {
        #expect(try LogSettings(Settings(values: ["LOG_LEVEL": text]), isTerminal: false).level == level)
    }

    @Test func `a terminal gets text, a pipe JSON, and LOG_FORMAT decides`() throws {
        #expect(try LogSettings(Settings(values: [:]), isTerminal: true).format == .text)
        #expect(try LogSettings(Settings(values: [:]), isTerminal: false).format == .json)
        #expect(try LogSettings(Settings(values: ["LOG_FORMAT": "text"]), isTerminal: false).format == .text)
    }

    @Test func `a check finds what opening the file would, and makes none`() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: "\(directory)/file")
            for path in ["\(directory)/none/x.log", "\(directory)/file/x.log", directory] {
                let settings = Settings(values: ["LOG_FILE": path])
                for checkOnly in [true, false] {
                    let error = #expect(throws: ConfigurationError.self) {
                        try LogSettings(settings, isTerminal: false, checkOnly: checkOnly)
                    }
                    #expect(error?.description.hasPrefix("LOG_FILE is '\(path)', which cannot be written: ") == true)
                }
            }
            _ = try LogSettings(Settings(values: ["LOG_FILE": "\(directory)/new.log"]), checkOnly: true)
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/new.log"))
        }
    }

    @Test(arguments: [["LOG_FILE_SIZE": "1"], ["LOG_FILE_SIZE": "big"], ["LOG_FILE_KEEP": "-1"]])
    func `wrong sizes are refused although no file is named: daemons have one`(values: [String: String]) {
        #expect(throws: ConfigurationError.self) { try LogSettings(Settings(values: values), isTerminal: false) }
    }

    @Test func `a wrong level and a file that cannot be opened are configuration errors`() {
        #expect(
            throws: ConfigurationError(
                "LOG_LEVEL is 'loud', which cannot be used; expected one of trace, debug, info, notice, warning, error, critical"
            )
        ) { try LogSettings(Settings(values: ["LOG_LEVEL": "loud"]), isTerminal: false) }
        let error = #expect(throws: ConfigurationError.self) {
            try LogSettings(Settings(values: ["LOG_FILE": "/nowhere/x.log"]), isTerminal: false)
        }
        #expect(error?.description.hasPrefix("LOG_FILE is '/nowhere/x.log', which cannot be written: ") == true)
    }
}
