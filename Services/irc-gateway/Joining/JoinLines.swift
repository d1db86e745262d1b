/// Packs channel names into JOIN and PART lines.
enum JoinLines {
    /// Lines without CR LF, none longer than what old IRC servers take.
    static func make(_ command: String, _ logins: [String]) -> [String] {
        var lines: [String] = []
        for login in logins {
            if let last = lines.last, last.utf8.count + login.utf8.count + 2 <= 500 {
                lines[lines.count - 1] = last + ",#" + login
            } else {
                lines.append("\(command) #\(login)")
            }
        }
        return lines
    }
}
