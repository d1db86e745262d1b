/// Keys that are missing or cannot be used, or a place where a secret would be read by others; one line for the operator.
package struct BusSecurityError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
