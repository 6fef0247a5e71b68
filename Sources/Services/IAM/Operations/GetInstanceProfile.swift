import AWSWire
import BatonCore
import JSON

/// An instance profile with its role. Errors: NoSuchEntity. Source: API reference, GetInstanceProfile.
enum GetInstanceProfile: Operation {
    struct Input: Decodable, Sendable { let instanceProfileName: String }
    struct Output: Encodable, Sendable { let instanceProfile: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            let profile = try Entity.existing(.profile, input.instanceProfileName, context.account, db)
            return Output(instanceProfile: try InstanceProfiles.shown(profile, db))
        }
    }
}
