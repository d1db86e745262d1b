import ServiceRuntime

/// One thing to look at, and what has to be fine before looking makes sense.
struct Check: Sendable {
    /// Unique, in the words of the report.
    let name: String
    /// Where one of these is wrong or skipped, this check is skipped: one cause is reported once.
    var needs: [String] = []
    /// Waited for, whatever comes out.
    var after: [String] = []
    var limit = Duration.seconds(5)
    /// Tells in one line what is fine. Throws `Complaint`, `NotApplicable`, or an error that knows its exit status.
    let look: @Sendable (_ earlier: Findings) async throws -> String

    func finding(_ earlier: Findings) async -> Finding {
        if let obstacle = needs.first(where: { earlier[$0]?.isObstacle ?? false }) {
            return Finding(check: name, outcome: .skipped, text: "needs: \(obstacle)")
        }
        do {
            let text = try await Patience.limit(limit) { try await look(earlier) }
            return Finding(check: name, outcome: .fine, text: text)
        } catch {
            return Self.finding(name, error)
        }
    }

    private static func finding(_ name: String, _ error: any Error) -> Finding {
        switch error {
        case let complaint as Complaint:
            wrong(name, complaint.status, complaint.text, complaint.advice)
        case let skip as NotApplicable:
            Finding(check: name, outcome: .notApplicable, text: skip.reason)
        case let failure as CommandFailure:
            wrong(name, failure.code, failure.description)
        case let exhausted as Patience.Exhausted:
            wrong(
                name,
                ExitStatus.unavailable.rawValue,
                "no answer within \(exhausted.limit.components.seconds) s",
                "something between here and there swallows what is sent: look at firewall, VPN and proxy"
            )
        case let error as any ExitCodeProviding:
            wrong(name, error.exitStatus.rawValue, "\(error)")
        default:
            wrong(name, ExitStatus.internal.rawValue, "\(error)")
        }
    }

    private static func wrong(_ name: String, _ status: Int32, _ text: String, _ advice: String? = nil) -> Finding {
        Finding(check: name, outcome: .wrong(status: status), text: text.printable, advice: advice)
    }
}
