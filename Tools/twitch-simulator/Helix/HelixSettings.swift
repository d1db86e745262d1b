extension SimulatorSettings {
    /// How Helix behaves.
    struct Helix: Sendable {
        var pointsPerMinute = 800
        /// Seconds that Get Streams lags behind a start, a change and an end.
        var lag = 0.0
        /// Seconds that Get Streams hesitates after a start and an end.
        var flapping = 0.0
        /// The channels that chat is generated for are live from the start.
        var isLive = false
    }
}
