import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes description and session duration of a role; the description goes when it is left out.
///
/// Errors: NoSuchEntity. Source: API reference, UpdateRole.
enum UpdateRole: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let description: String?
        let maxSessionDuration: Int?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Entity.change(.role, input.roleName, context) { role, _ in
            role.body["description"] = input.description.map { .string($0) }
            role.body["maxSessionDuration"] = .number(input.maxSessionDuration ?? 3600)
        }
    }
}
