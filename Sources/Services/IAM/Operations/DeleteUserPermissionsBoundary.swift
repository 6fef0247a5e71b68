import AWSWire
import BatonCore
import BatonStore
import JSON

/// Forgets a permissions boundary. Errors: NoSuchEntity. Source: API reference, DeleteUserPermissionsBoundary.
enum DeleteUserPermissionsBoundary: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Entity.change(.user, input.userName, context) { entity, _ in
            entity.body["boundary"] = nil
        }
    }
}
