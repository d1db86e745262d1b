import ArgumentParser

/// The part of the command line about streams.
struct HelixOptions: ParsableArguments {
    @Flag(help: "The --channels are live from the start, with titles, and viewers that come and go.")
    var live = false
    @Option(help: "Seconds that Get Streams lags behind a start, a change and an end.")
    var helixLag = 0.0
    @Flag(help: "Get Streams hesitates for two minutes after each start and end.")
    var helixFlapping = false
    @Option(help: "Helix requests per minute and client, or user of one.")
    var helixRateLimit = 800

    mutating func validate() throws {
        guard self.helixLag >= 0 else { throw ValidationError("--helix-lag is 0 or more") }
        guard self.helixRateLimit >= 1 else { throw ValidationError("--helix-rate-limit is 1 or more") }
    }

    func apply(to settings: inout SimulatorSettings.Helix) {
        settings.pointsPerMinute = self.helixRateLimit
        settings.lag = self.helixLag
        settings.flapping = self.helixFlapping ? 120 : 0
        settings.isLive = self.live
    }
}
