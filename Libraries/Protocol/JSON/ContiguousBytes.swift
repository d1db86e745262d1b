extension Collection<UInt8> {
    /// Runs `body` on the bytes where they lie, or on a copy where they do not lie together.
    func withContiguousBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = withContiguousStorageIfAvailable({ unsafe body($0) }) { return result }
        return unsafe Array(self).withUnsafeBufferPointer { unsafe body($0) }
    }
}
