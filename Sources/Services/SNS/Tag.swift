import AWSWire
import JSON

/// A label of a topic. Limits: 50 for each topic, each key once.
struct Tag: Codable, Equatable, Sendable {
    let key: String
    let value: String

    static let limit = 50

    static func check(_ tags: [Tag]) throws(AWSError) {
        guard Set(tags.map(\.key)).count == tags.count else {
            throw SNSError.invalidParameter("Duplicated keys are not allowed.")
        }
        guard tags.count <= limit else { throw SNSError.tagLimit }
    }

    /// `tags` with `changes` set over them, in order.
    static func merged(_ tags: [Tag], _ changes: [Tag]) -> [Tag] {
        let changed = Set(changes.map(\.key))
        return tags.filter { !changed.contains($0.key) } + changes
    }
}
