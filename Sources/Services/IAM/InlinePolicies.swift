import AWSWire
import BatonCore
import BatonStore
import JSON

/// The policies that are part of a role, user or group.
enum InlinePolicies {
    static func put(
        _ policy: String, _ document: String, in kind: Kind, _ name: String, _ context: Context
    ) throws(AWSError) -> Write<Nothing> {
        try PolicyDocument.check(document)
        return Entity.change(kind, name, context) { entity, _ in
            if entity.body["inline"] == nil { entity.body["inline"] = [:] }
            entity.body["inline"]?[policy] = .string(document)
        }
    }

    static func delete(_ policy: String, from kind: Kind, _ name: String, _ context: Context) -> Write<Nothing> {
        Entity.change(kind, name, context) { entity, _ in
            guard entity.body["inline"]?[policy] != nil else { throw notFound(policy, kind) }
            entity.body["inline"]?[policy] = nil
        }
    }

    /// The document, encoded as AWS does.
    static func get(
        _ policy: String, of kind: Kind, _ name: String, _ context: Context
    ) throws(AWSError) -> (name: String, document: String) {
        let entity = try context.read { db in try Entity.existing(kind, name, context.account, db) }
        guard let document = entity.body["inline"]?[policy]?.string else { throw notFound(policy, kind) }
        return (entity.name, PolicyDocument.encoded(document))
    }

    /// The answer of the operations that list them.
    struct Listed: Encodable, Sendable {
        let policyNames: [String]
        let isTruncated: Bool
        let marker: String?
    }

    static func list(
        _ kind: Kind, _ name: String, marker: String?, maxItems: Int?, _ context: Context
    ) throws(AWSError) -> Listed {
        let entity = try context.read { db in try Entity.existing(kind, name, context.account, db) }
        let page = try Page(entity.inlinePolicies.sorted(), marker: marker, maxItems: maxItems)
        return Listed(policyNames: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }

    private static func notFound(_ policy: String, _ kind: Kind) -> AWSError {
        IAMError.notFound("The \(kind.rawValue) policy with name \(policy) cannot be found.")
    }
}

extension Entity {
    var inlinePolicies: [String] { body["inline"]?.object?.keys ?? [] }
}
