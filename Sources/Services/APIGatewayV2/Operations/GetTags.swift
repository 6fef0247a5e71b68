import AWSWire
import BatonCore
import JSON

/// The labels of an API or a stage. Errors: NotFoundException. Source: API reference, GetTags.
enum GetTags: BatonCore.Operation {
    struct Input: Decodable, Sendable { let resourceArn: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let (id, stage) = try Tagging.place(input.resourceArn)
        let api = try context.read { try APIRecord.require(id, context, $0) }
        let tree = if let stage { try api.part(.stage, stage) } else { api.body }
        return ["Tags": tree["Tags"] ?? [:]]
    }
}
