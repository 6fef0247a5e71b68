import AWSWire
import BatonCore
import JSON

/// To whom a managed policy is attached. Errors: NoSuchEntity. Source: API reference, ListEntitiesForPolicy.
enum ListEntitiesForPolicy: Operation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let entityFilter: String?
        /// `PermissionsPolicy` (the default) or `PermissionsBoundary`.
        let policyUsageFilter: String?
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let policyGroups: [JSON]
        let policyUsers: [JSON]
        let policyRoles: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let found = try context.read { db in
            _ = try ManagedPolicy.existing(input.policyArn, context.account, db)
            if input.policyUsageFilter == "PermissionsBoundary" {
                return try Entity.bounded(by: input.policyArn, context.account, db)
            }
            return try Link.attachment.holders(of: input.policyArn, context.account, db).compactMap { holder in
                let parts = holder.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2, let kind = Kind(rawValue: parts[0]) else { return nil as Entity? }
                return try Entity.find(kind, parts[1], context.account, db)
            }
        }
        let wanted = found.filter {
            $0.path.hasPrefix(input.pathPrefix ?? "/") && (input.entityFilter ?? $0.kind.member) == $0.kind.member
        }
        let page = try Page(wanted, marker: input.marker, maxItems: input.maxItems)
        func named(_ kind: Kind) -> [JSON] {
            page.items.filter { $0.kind == kind }.map {
                ["\(kind.member)Name": .string($0.name), "\(kind.member)Id": .string($0.id)]
            }
        }
        return Output(
            policyGroups: named(.group), policyUsers: named(.user), policyRoles: named(.role),
            isTruncated: page.isTruncated, marker: page.marker)
    }
}
