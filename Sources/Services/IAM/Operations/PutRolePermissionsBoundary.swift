import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps a permissions boundary; Baton does not apply it. Errors: NoSuchEntity. Source: API reference, PutRolePermissionsBoundary.
enum PutRolePermissionsBoundary: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let permissionsBoundary: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Entity.change(.role, input.roleName, context) { entity, _ in
            entity.body["boundary"] = .string(input.permissionsBoundary)
        }
    }
}
