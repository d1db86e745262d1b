import Synchronization
import Testing

@testable import collector

@Suite struct ExaminationTests {
    private func run(_ checks: [Check]) async -> [Finding] {
        let told = Mutex<[String]>([])
        let findings = await Examination(checks: checks).run { finding in told.withLock { $0.append(finding.check) } }
        #expect(told.withLock { $0 } == checks.map(\.name), "told in the order of the report")
        return findings
    }

    @Test func `what depends on something wrong is skipped, whatever the order`() async {
        let findings = await run([
            Check(name: "roof", needs: ["walls"]) { _ in "tight" },
            Check(name: "walls", needs: ["ground"]) { _ in "straight" },
            Check(name: "ground") { _ in throw Complaint(73, "it is swamp", advice: "build elsewhere") },
            Check(name: "garden") { _ in "green" },
        ])
        #expect(findings.map(\.outcome) == [.skipped, .skipped, .wrong(status: 73), .fine])
        #expect(findings[0].text == "needs: walls" && findings[1].text == "needs: ground")
        #expect(DoctorReport.status(findings) == 73)
        let report = DoctorReport(style: Style(isColoured: false), width: 6)
        #expect(report.text(findings[2]) == "✗ ground  it is swamp\n          → build elsewhere\n")
        #expect(report.summary(findings) == "Not well: ground.\n")
    }

    @Test func `a check that never comes back does not hold up the others`() async {
        let abyss = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let findings = await run([
            Check(name: "abyss", limit: .milliseconds(50)) { _ in
                // Deaf to its cancellation, as a system call is.
                await withCheckedContinuation { continuation in abyss.withLock { $0 = continuation } }
                return "back"
            },
            Check(name: "day") { _ in "light" },
        ])
        #expect(findings.map(\.outcome) == [.wrong(status: 69), .fine])
        abyss.withLock { $0 }?.resume()
    }

    @Test func `the first thing that is wrong decides the status`() async {
        let findings = await run([
            Check(name: "a") { _ in throw NotApplicable(reason: "there is none") },
            Check(name: "b") { _ in throw Complaint(69, "away") },
            Check(name: "c") { _ in throw CommandFailure(77, "refused") },
            Check(name: "d", needs: ["a"]) { _ in "missed nothing" },
        ])
        #expect(findings.map(\.outcome) == [.notApplicable, .wrong(status: 69), .wrong(status: 77), .fine])
        #expect(DoctorReport.status(findings) == 69)
        #expect(DoctorReport.status([]) == 0)
    }
}
