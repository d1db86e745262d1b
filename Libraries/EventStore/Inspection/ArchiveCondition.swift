/// What a look at a database shows, without changing anything.
package struct ArchiveCondition: Hashable, Sendable {
    /// How its tables relate to this version.
    package enum Schema: Hashable, Sendable {
        /// The writer makes the tables when it starts.
        case absent
        /// The writer brings it up to date when it starts; `missing` is the first step that is not applied.
        case older(missing: String)
        case current
        /// A newer version has applied `step`, which this one does not know.
        case newer(step: String)

        /// - Parameters:
        ///   - applied: The steps that the database has; nil where it keeps no account of them.
        ///   - known: The steps of this version, oldest first.
        package init(applied: [String]?, known: [String]) {
            guard let applied else {
                self = .absent
                return
            }
            if let step = applied.first(where: { !known.contains($0) }) {
                self = .newer(step: step)
            } else if let missing = known.first(where: { !applied.contains($0) }) {
                self = .older(missing: missing)
            } else {
                self = .current
            }
        }
    }

    /// How its tables relate to this version.
    package var schema: Schema
    /// Why rows could not be written, in one line; nil when they could.
    package var writeObstacle: String?

    package init(schema: Schema, writeObstacle: String?) {
        self.schema = schema
        self.writeObstacle = writeObstacle
    }
}
