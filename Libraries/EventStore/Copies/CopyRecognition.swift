package import Protocol

/// Finds among the events of one transaction the copies of what another reader told, there or in an earlier transaction.
///
/// The engine asks the database each of `questions` inside the transaction and hands over what it found; then `decide`
/// goes through the events in their order. No other transaction can tell the same thing meanwhile: whoever writes a
/// channel's partition writes it of all producers.
package struct CopyRecognition: Sendable {
    /// What to look for: rows of this content around this time.
    package struct Question: Sendable {
        /// The event's place in the batch.
        let index: Int
        package let content: CopyContent
        package let eventID: String
        package let at: Timestamp

        /// The earliest and the latest time of a copy, as far as a database can hold them.
        package var from: Timestamp { max(Timestamp(rawValue: at.rawValue - CopyRule.window), .earliest) }
        package var through: Timestamp { min(Timestamp(rawValue: at.rawValue + CopyRule.window), .latest) }
    }

    package let questions: [Question]
    private var rows: [CopyContent: [CopyRow]] = [:]
    private var decisions: [Int: CopyDecision] = [:]

    /// Costs nothing but a look at each event's kind where no event is of these kinds.
    package init(_ events: [Envelope]) {
        questions = events.enumerated().compactMap { index, envelope in
            guard let (content, time) = CopyContent.of(envelope.event) else { return nil }
            let at = min(max(time, .earliest), .latest)
            return Question(index: index, content: content, eventID: envelope.eventID, at: at)
        }
    }

    /// Takes in a row that the database has for a question.
    package mutating func found(_ row: CopyRow, for question: Question) {
        guard rows[question.content]?.contains(where: { $0.eventID == row.eventID }) != true else { return }
        rows[question.content, default: []].append(row)
    }

    /// Decides about all events, once every question is answered.
    package mutating func decide() {
        for question in questions {
            let content = question.content
            let known = rows[content, default: []].filter { $0.at >= question.from && $0.at <= question.through }
            let decision = CopyRule.decision(
                for: question.eventID,
                at: question.at,
                among: known,
                in: content.table
            )
            switch decision {
            case .first:
                rows[content, default: []].append(CopyRow(eventID: question.eventID, at: question.at))
            case .copy(let first, _):
                guard let index = rows[content]?.firstIndex(where: { $0.eventID == first }) else { break }
                rows[content]?[index].copies.append(question.eventID)
            case .known: break
            }
            decisions[question.index] = decision
        }
    }

    /// What was decided about the event at this place of the batch; nil for one that needs no decision.
    package func decision(at index: Int) -> CopyDecision? { decisions[index] }
}
