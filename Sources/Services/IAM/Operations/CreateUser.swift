import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a user. Errors: EntityAlreadyExists. Source: API reference, CreateUser.
enum CreateUser: WriteOperation {
    struct Input: Decodable, Sendable {
        let userName: String
        let path: String?
        let permissionsBoundary: String?
        let tags: [Tag]?
    }

    struct Output: Encodable, Sendable { let user: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        var body: JSON = [:]
        body["boundary"] = input.permissionsBoundary.map { .string($0) }
        body["tags"] = try Tag.body(input.tags)
        let user = Entity(.user, input.userName, path: input.path, body: body, context)
        return { transaction in
            try user.insert(transaction)
            return Output(user: user.shown)
        }
    }
}
