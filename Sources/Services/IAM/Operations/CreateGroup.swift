import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a group. Errors: EntityAlreadyExists. Source: API reference, CreateGroup.
enum CreateGroup: WriteOperation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let path: String?
    }

    struct Output: Encodable, Sendable { let group: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let group = Entity(.group, input.groupName, path: input.path, body: [:], context)
        return { transaction in
            try group.insert(transaction)
            return Output(group: group.shown)
        }
    }
}
