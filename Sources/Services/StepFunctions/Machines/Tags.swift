import AWSWire

/// A label of a machine or an activity. Limits: 50 for each, keys 1–128, values 0–256 characters.
struct Tag: Codable, Sendable, Hashable {
    let key: String
    let value: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        key = try container.decodeIfPresent(String.self, forKey: .key) ?? ""
        value = try container.decodeIfPresent(String.self, forKey: .value) ?? ""
    }

    enum CodingKeys: CodingKey { case key, value }

    static let limit = 50

    /// `tags` with `changes` set over them, in order.
    static func merged(_ tags: [Tag], _ changes: [Tag], arn: String) throws(AWSError) -> [Tag] {
        var merged = tags
        for change in changes {
            if let index = merged.firstIndex(where: { $0.key == change.key }) {
                merged[index] = change
            } else {
                merged.append(change)
            }
        }
        guard merged.count <= limit else { throw StepFunctionsError.tooManyTags(arn) }
        return merged
    }
}
