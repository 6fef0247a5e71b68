import AWSWire
import BatonCore

/// Errors: ResourceNotFoundException. Source: API reference, DescribeTimeToLive.
enum DescribeTimeToLive: ReadOperation {
    struct Input: Decodable, Sendable { let tableName: String }
    struct Description: Encodable {
        let timeToLiveStatus: String
        let attributeName: String?
    }
    struct Output: Encodable { let timeToLiveDescription: Description }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let table = try TableReference.named(input.tableName, context)
        let attribute = table.definition.timeToLiveAttribute
        return Output(
            timeToLiveDescription: Description(
                timeToLiveStatus: attribute == nil ? "DISABLED" : "ENABLED", attributeName: attribute))
    }
}
