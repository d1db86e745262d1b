import Foundation
import HTTPTypes

/// An answer that is right, and then made strange: fields of other types, missing or twice, cut off, under another name.
struct AnswerDistortion: Sendable {
    var contentType: String?
    var headers: [String: String] = [:]
    /// Members of the JSON object, as JSON texts: `{"expires_in":"1e400","scopes":"null"}`.
    var set: [String: String] = [:]
    var remove: Set<String> = []
    /// JSON text at the object's beginning, such as a member that occurs twice.
    var insert: String?
    /// Helix: `set`, `remove` and `insert` concern this item of `data`, counted from 0.
    var item: Int?
    var truncate: Int?

    func apply(to reply: inout TwitchReply) {
        if let contentType { reply.contentType = contentType }
        for (name, value) in self.headers {
            if let name = HTTPField.Name(name) { reply.headers[name] = value }
        }
        if !self.set.isEmpty || !self.remove.isEmpty || self.insert != nil,
            let object = try? JSONSerialization.jsonObject(with: reply.body) as? [String: Any]
        {
            reply.body = Data(self.distorted(object).utf8)
        }
        if let truncate { reply.body = reply.body.prefix(truncate) }
    }

    private func distorted(_ object: [String: Any]) -> String {
        guard let item, let items = object["data"] as? [Any] else { return self.members(of: object) }
        let texts = items.enumerated().map { index, value in
            (value as? [String: Any]).flatMap { index == item ? self.members(of: $0) : nil } ?? Self.text(value)
        }
        let rest = object.filter { $0.key != "data" }.map { "\(Self.text($0.key)):\(Self.text($0.value))" }
        return "{" + (["\"data\":[\(texts.joined(separator: ","))]"] + rest.sorted()).joined(separator: ",") + "}"
    }

    private func members(of object: [String: Any]) -> String {
        let kept = object.filter { self.set[$0.key] == nil && !self.remove.contains($0.key) }
            .map { "\(Self.text($0.key)):\(Self.text($0.value))" }
        let new = self.set.map { "\(Self.text($0.key)):\($0.value)" }
        return "{" + ([self.insert].compactMap(\.self) + kept.sorted() + new.sorted()).joined(separator: ",") + "}"
    }

    private static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: value,
            options: [.fragmentsAllowed, .withoutEscapingSlashes]
        )
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
