/// Fits a row of figures into a number of columns.
enum Resampling {
    /// Averages of neighbours; as they are when there are not more than columns.
    static func averages(_ values: [Int], into columns: Int) -> [Double] {
        guard values.count > columns, columns > 0 else { return values.map(Double.init) }
        return (0..<columns).map { column in
            let from = column * values.count / columns
            let next = max(from + 1, (column + 1) * values.count / columns)
            return Double(values[from..<next].reduce(0, +)) / Double(next - from)
        }
    }
}
