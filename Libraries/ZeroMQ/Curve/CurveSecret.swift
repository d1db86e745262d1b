/// The secret half of a CURVE key pair. It never shows itself: not in descriptions, dumps or logs.
package struct CurveSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let text: String

    /// Wraps a key in Z85.
    package init(_ text: String) { self.text = text }

    /// The key in Z85: for the key file and the socket only.
    package func reveal() -> String { text }

    /// Always `<redacted>`.
    package var description: String { "<redacted>" }

    /// Always `<redacted>`.
    package var debugDescription: String { "<redacted>" }

    /// Without children, so that `dump` and reflection show nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
