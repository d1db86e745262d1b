/// The live status where there is no terminal: one line now and then.
enum PlainStatus {
    static func line(_ snapshot: Snapshot, elapsed: Duration) -> String {
        var parts = [
            "channels \(snapshot.channelsJoined)/\(snapshot.channelsWanted)",
            "\(Figures.rate(snapshot.rate)) msg/s",
            "accepted \(Figures.count(snapshot.accepted))",
            "stored \(Figures.count(snapshot.stored))",
            "lag \(snapshot.lag.map(Figures.latency) ?? "-")",
            "reconnects \(snapshot.reconnects)",
        ]
        if snapshot.gaps > 0 { parts.append("gaps \(snapshot.gaps)") }
        if snapshot.deadLetters > 0 { parts.append("unreadable \(snapshot.deadLetters)") }
        for process in snapshot.processes {
            switch process.state {
            case .waiting(let reason): parts.append("\(process.name): \(reason.printable)")
            case .restarting: parts.append("\(process.name) restarting")
            case .starting: parts.append("\(process.name) starting")
            case .ready, .stopped: break
            }
        }
        return "\(Figures.elapsed(elapsed))  " + parts.joined(separator: " · ")
    }
}
