import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a role. Limits: session of 3600–43200 s (3600), 50 tags.
///
/// Errors: EntityAlreadyExists, MalformedPolicyDocument. Source: API reference, CreateRole.
enum CreateRole: WriteOperation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let path: String?
        let assumeRolePolicyDocument: String
        let description: String?
        let maxSessionDuration: Int?
        let permissionsBoundary: String?
        let tags: [Tag]?
    }

    struct Output: Encodable, Sendable { let role: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try PolicyDocument.check(input.assumeRolePolicyDocument)
        var body: JSON = [
            "trust": .string(input.assumeRolePolicyDocument),
            "maxSessionDuration": .number(input.maxSessionDuration ?? 3600),
        ]
        body["description"] = input.description.map { .string($0) }
        body["boundary"] = input.permissionsBoundary.map { .string($0) }
        body["tags"] = try Tag.body(input.tags)
        let role = Entity(.role, input.roleName, path: input.path, body: body, context)
        return { transaction in
            try role.insert(transaction)
            return Output(role: role.shown)
        }
    }
}
