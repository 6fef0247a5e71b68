import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes an instance profile. Errors: EntityAlreadyExists. Source: API reference, CreateInstanceProfile.
enum CreateInstanceProfile: WriteOperation {
    struct Input: Decodable, Sendable {
        let instanceProfileName: String
        let path: String?
        let tags: [Tag]?
    }

    struct Output: Encodable, Sendable { let instanceProfile: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        var body: JSON = [:]
        body["tags"] = try Tag.body(input.tags)
        let profile = Entity(.profile, input.instanceProfileName, path: input.path, body: body, context)
        return { transaction in
            try profile.insert(transaction)
            return Output(instanceProfile: try InstanceProfiles.shown(profile, transaction.db))
        }
    }
}
