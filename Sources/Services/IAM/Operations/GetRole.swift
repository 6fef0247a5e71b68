import AWSWire
import BatonCore
import JSON

/// A role. Errors: NoSuchEntity. Source: API reference, GetRole.
enum GetRole: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
    }

    struct Output: Encodable, Sendable { let role: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let entity = try context.read { db in try Entity.existing(.role, input.roleName, context.account, db) }
        return Output(role: entity.shown)
    }
}
