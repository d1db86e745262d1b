/// How a history service, which somebody runs for everybody, is treated.
struct BackfillTiming: Hashable, Sendable {
    /// The least time between two requests.
    var spacing = Duration.seconds(1)
    /// How long a request may take.
    var patience = Duration.seconds(10)
    /// After the return to a channel, for what was said last to arrive there: at least this and up to twice as long.
    var settling = Duration.seconds(2)
    /// The pauses before a hole is looked at again.
    var retries: [Duration] = [.seconds(20), .seconds(90), .seconds(600)]
    /// Reminders of a start are spread over this time, and come again after `lifetime`, at most a quarter earlier.
    var spread = Duration.seconds(30)
    var lifetime = Duration.seconds(12 * 3600)
    /// After a failure nothing is asked for up to this long, growing from failure to failure.
    var firstRest = Duration.seconds(10)
    var longestRest = Duration.seconds(600)
    /// Lines of one answer, and answers for one hole.
    var limit = 500
    var pages = 10
    /// How many holes may wait; of more the oldest are given up.
    var holes = 10_000

    var firstPause: Duration { settling * Double.random(in: 1..<2) }
    var firstReminder: Duration { spread * Double.random(in: 0..<1) }
    var reminder: Duration { lifetime * Double.random(in: 0.75..<1) }
}
