import AWSWire
import BatonCore
import JSON

/// One group. Errors: ResourceNotFoundException. Source: API reference, GetScheduleGroup.
enum GetScheduleGroup: BatonCore.Operation {
    struct Input: Decodable, Sendable { let name: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { try ScheduleGroup.require(input.name, context, $0) }.described
    }
}
