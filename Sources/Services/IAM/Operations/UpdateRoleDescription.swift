import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes the description of a role. Errors: NoSuchEntity. Source: API reference, UpdateRoleDescription.
enum UpdateRoleDescription: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let description: String
    }

    struct Output: Encodable, Sendable { let role: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            var role = try Entity.existing(.role, input.roleName, context.account, transaction.db)
            role.body["description"] = .string(input.description)
            try role.update(transaction)
            return Output(role: role.shown)
        }
    }
}
