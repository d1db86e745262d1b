import FoundationEssentials
import Subprocess
import SystemPackage

/// The person's browser, where there is one.
struct WebBrowser: Sendable {
    var environment: [String: String]

    /// Whether a browser could show itself: there is a display, and something that opens addresses.
    var isThere: Bool { hasDisplay && opener != nil }

    /// Opens an address, without waiting for what becomes of it.
    /// - Returns: False when that did not work.
    func open(_ address: String) async -> Bool {
        guard hasDisplay, let opener else { return false }
        let result = try? await Subprocess.run(
            .path(FilePath(opener)),
            arguments: [address],
            output: .discarded,
            error: .discarded
        )
        return result?.terminationStatus.isSuccess ?? false
    }

    private var hasDisplay: Bool {
        ["DISPLAY", "WAYLAND_DISPLAY"].contains { !(environment[$0] ?? "").isEmpty }
    }

    private var opener: String? {
        (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/xdg-open" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
