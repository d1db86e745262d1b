import Protocol

/// Takes events in order and suspends while there is no room: `EventPublisher.publish`.
typealias EventSink = @Sendable ([EventDraft]) async throws -> Void
