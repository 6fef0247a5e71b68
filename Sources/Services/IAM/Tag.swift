import AWSWire
import BatonCore
import BatonStore
import JSON

/// A label of an entity. Limits: 50 for each, keys once without regard to case.
struct Tag: Codable, Sendable {
    let key: String
    let value: String

    static let limit = 50

    var json: JSON { ["Key": .string(key), "Value": .string(value)] }

    static func body(_ tags: [Tag]?) throws(AWSError) -> JSON? {
        guard let tags, !tags.isEmpty else { return nil }
        try check(tags)
        return .array(tags.map(\.json))
    }

    private static func check(_ tags: [Tag]) throws(AWSError) {
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else {
            throw AWSError(
                "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        guard tags.count <= limit else { throw IAMError.quota("TagsPerEntity", limit) }
    }

    static func set(_ tags: [Tag], on kind: Kind, _ name: String, _ context: Context) throws(AWSError) -> Write<Nothing>
    {
        try check(tags)
        return Entity.change(kind, name, context) { entity, _ in
            let changed = Set(tags.map { $0.key.lowercased() })
            let all = entity.tags.filter { !changed.contains($0.key.lowercased()) } + tags
            try check(all)
            entity.body["tags"] = .array(all.map(\.json))
        }
    }

    static func remove(_ keys: [String], from kind: Kind, _ name: String, _ context: Context) -> Write<Nothing> {
        let removed = Set(keys.map { $0.lowercased() })
        return Entity.change(kind, name, context) { entity, _ in
            entity.body["tags"] = .array(entity.tags.filter { !removed.contains($0.key.lowercased()) }.map(\.json))
        }
    }

    /// The answer of the operations that list tags.
    struct Listed: Encodable, Sendable {
        let tags: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func list(
        _ kind: Kind, _ name: String, marker: String?, maxItems: Int?, _ context: Context
    ) throws(AWSError) -> Listed {
        let entity = try context.read { db in try Entity.existing(kind, name, context.account, db) }
        let page = try Page(entity.tags, marker: marker, maxItems: maxItems)
        return Listed(tags: page.items.map(\.json), isTruncated: page.isTruncated, marker: page.marker)
    }
}

extension Entity {
    var tags: [Tag] {
        (body["tags"]?.array ?? []).map { Tag(key: $0["Key"]?.string ?? "", value: $0["Value"]?.string ?? "") }
    }
}
