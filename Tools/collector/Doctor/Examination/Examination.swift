/// All checks: those that need nothing of each other at the same time, told in their order.
struct Examination: Sendable {
    let checks: [Check]

    /// - Parameter tell: Called with each finding as soon as all before it are told.
    /// - Returns: All findings, in the order of the checks.
    func run(telling tell: (Finding) -> Void) async -> [Finding] {
        let findings = Findings(of: checks)
        return await withTaskGroup(of: Void.self) { group in
            for check in checks {
                group.addTask {
                    for name in check.needs + check.after { await findings.wait(for: name) }
                    findings.add(await check.finding(findings))
                }
            }
            var told: [Finding] = []
            for check in checks {
                await findings.wait(for: check.name)
                guard let finding = findings[check.name] else { continue }
                told.append(finding)
                tell(finding)
            }
            return told
        }
    }
}
