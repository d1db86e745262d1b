/// What a person without a browser on this machine is asked to do.
struct DevicePrompt: Sendable {
    var style: Style

    /// The address on a line of its own, so that it can be copied, and the code in large.
    func text(address: String, code: String, lifetime: Duration) -> String {
        let letters = Self.spaced(code.printable)
        let inner = "   \(letters)   "
        let edge = String(repeating: "═", count: TextWidth.of(inner))
        return """

              On any device with a browser, open

                  \(style.bold(address.printable))

              log in to Twitch, and check that the page shows this code:

                  ╔\(edge)╗
                  ║\(String(repeating: " ", count: edge.count))║
                  ║\(style.bold(inner))║
                  ║\(String(repeating: " ", count: edge.count))║
                  ╚\(edge)╝

              The code is good for \(Self.words(lifetime)). Ctrl-C gives up.


            """
    }

    /// The line that shows that something is being waited for.
    func waiting(_ left: Duration) -> String {
        let seconds = max(0, Int(left.components.seconds))
        let rest = seconds % 60
        return style.dim("  Waiting for your approval ... \(seconds / 60):\(rest < 10 ? "0" : "")\(rest) left")
    }

    /// `J L L K   T X W J`: letters that cannot run into one another, in groups of four.
    static func spaced(_ code: String) -> String {
        var text = ""
        for (index, letter) in code.enumerated() {
            if index > 0 { text += index.isMultiple(of: 4) ? "   " : " " }
            text.append(letter)
        }
        return text
    }

    static func words(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        return seconds < 120 ? "\(seconds) seconds" : "\(seconds / 60) minutes"
    }
}
