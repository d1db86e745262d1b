import ServiceLifecycle

/// A service that must not end by itself: where it does, the error names it.
struct NamedPart: Service {
    let part: any Service
    let isStopping: @Sendable () -> Bool

    /// The type's name: a service's own description could hold what it holds.
    var name: String { "\(type(of: self.part))" }

    func run() async throws {
        try await self.part.run()
        if !self.isStopping(), !Task.isCancelled {
            throw ServiceFailure(
                .internal,
                "the part \(self.name) ended although nothing asked it to; this is a defect: please report it"
            )
        }
    }
}
