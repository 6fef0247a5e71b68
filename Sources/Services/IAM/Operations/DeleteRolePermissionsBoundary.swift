import AWSWire
import BatonCore
import BatonStore
import JSON

/// Forgets a permissions boundary. Errors: NoSuchEntity. Source: API reference, DeleteRolePermissionsBoundary.
enum DeleteRolePermissionsBoundary: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Entity.change(.role, input.roleName, context) { entity, _ in
            entity.body["boundary"] = nil
        }
    }
}
