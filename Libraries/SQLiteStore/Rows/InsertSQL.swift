/// `INSERT INTO table (columns) VALUES (?, …)`; a row that is there already, by any natural key, is left alone.
func insertSQL(_ table: String, _ columns: [String], onConflict: String = "ON CONFLICT DO NOTHING") -> String {
    let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places)) \(onConflict)"
}
