import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Managed policies attached to roles, users and groups. Limit: 10 for each.
enum Attachments {
    static let limit = 10

    static func holder(_ entity: Entity) -> String { "\(entity.kind.rawValue):\(entity.key)" }

    static func attach(_ arn: String, to kind: Kind, _ name: String, _ context: Context) -> Write<Nothing> {
        { transaction in
            let entity = try Entity.existing(kind, name, context.account, transaction.db)
            guard try ManagedPolicy.find(arn, context.account, transaction.db) != nil else {
                throw IAMError.notFound("Policy \(arn) does not exist or is not attachable.")
            }
            let attached = try Link.attachment.targets(of: holder(entity), context.account, transaction.db)
            guard attached.count < limit || attached.contains(arn) else {
                throw IAMError.quota("PoliciesPer\(kind.member)", limit)
            }
            try Link.attachment.add(context.account, holder(entity), arn, transaction)
            return Nothing()
        }
    }

    static func detach(_ arn: String, from kind: Kind, _ name: String, _ context: Context) -> Write<Nothing> {
        { transaction in
            let entity = try Entity.existing(kind, name, context.account, transaction.db)
            guard try Link.attachment.remove(context.account, holder(entity), arn, transaction) else {
                throw IAMError.notFound("Policy \(arn) was not found.")
            }
            return Nothing()
        }
    }

    static func of(_ entity: Entity, _ db: Database) throws -> [String] {
        try Link.attachment.targets(of: holder(entity), entity.account, db)
    }

    /// The answer of the operations that list them.
    struct Listed: Encodable, Sendable {
        let attachedPolicies: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func list(
        _ kind: Kind, _ name: String, pathPrefix: String?, marker: String?, maxItems: Int?, _ context: Context
    ) throws(AWSError) -> Listed {
        let arns = try context.read { db in try of(Entity.existing(kind, name, context.account, db), db) }
        let wanted = arns.filter { ManagedPolicy.path(of: $0).hasPrefix(pathPrefix ?? "/") }
        let page = try Page(wanted, marker: marker, maxItems: maxItems)
        return Listed(
            attachedPolicies: page.items.map { arn in
                ["PolicyName": .string(ManagedPolicy.name(of: arn)), "PolicyArn": .string(arn)]
            }, isTruncated: page.isTruncated, marker: page.marker)
    }
}
