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
