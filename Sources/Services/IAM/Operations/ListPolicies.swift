import AWSWire
import BatonCore
import JSON

/// The managed policies of the account, and of AWS's own those that are attached.
///
/// Assumed: the scopes `All` and `AWS` show no other policies of AWS. Source: API reference, ListPolicies.
enum ListPolicies: Operation {
    struct Input: Decodable, Sendable {
        let scope: String?
        let onlyAttached: Bool?
        /// `PermissionsPolicy` or `PermissionsBoundary`; without it both.
        let policyUsageFilter: String?
        let pathPrefix: String?
        let marker: String?
        let maxItems: Int?
    }

    struct Output: Encodable, Sendable {
        let policies: [JSON]
        let isTruncated: Bool
        let marker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let scope = input.scope ?? "All"
        let all = try context.read { db in
            var arns: [String] = []
            if scope != "AWS" {
                arns = try Entity.all(.policy, context.account, pathPrefix: input.pathPrefix, db).map(\.arn)
            }
            if scope != "Local" {
                arns += try Link.attachment.allTargets(context.account, db).filter {
                    $0.hasPrefix("arn:aws:iam::aws:")
                        && ManagedPolicy.path(of: $0).hasPrefix(input.pathPrefix ?? "/")
                }
            }
            return try arns.compactMap { arn in
                try ManagedPolicy.find(arn, context.account, db)?.shown(context.account, db, isListed: true)
            }
        }
        let isOnlyAttached = input.onlyAttached ?? false
        let wanted = all.filter { policy in
            let isAttached = (policy["AttachmentCount"]?.int ?? 0) > 0
            let isBoundary = (policy["PermissionsBoundaryUsageCount"]?.int ?? 0) > 0
            switch input.policyUsageFilter {
            case "PermissionsPolicy": return isAttached
            case "PermissionsBoundary": return isBoundary
            default: return !isOnlyAttached || isAttached || isBoundary
            }
        }
        let page = try Page(wanted, marker: input.marker, maxItems: input.maxItems)
        return Output(policies: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
