import AWSWire
import BatonCore
import JSON

/// One schedule. Errors: ResourceNotFoundException. Source: API reference, GetSchedule.
enum GetSchedule: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let groupName: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { try Schedule.require(input.name, input.groupName, context, $0) }.described
    }
}
