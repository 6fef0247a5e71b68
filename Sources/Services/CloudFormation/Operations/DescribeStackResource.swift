import AWSWire
import BatonCore
import BatonStore
import JSON

/// One resource of a stack with its metadata. Errors: ValidationError.
/// Source: CloudFormation API reference, DescribeStackResource.
enum DescribeStackResource: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let logicalResourceId: String
    }
    struct Output: Encodable, Sendable { let stackResourceDetail: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            guard let stack = try StackRecord.find(input.stackName, context.account, context.region, db) else {
                throw CloudFormationError.validation("Stack '\(input.stackName)' does not exist")
            }
            guard let record = try ResourceRecord.find(stack.id, input.logicalResourceId, db) else {
                throw CloudFormationError.validation(
                    "Resource \(input.logicalResourceId) does not exist for stack \(stack.name)")
            }
            var detail = record.description(of: stack, timestamp: "LastUpdatedTimestamp")
            detail["Metadata"] = .string((record.metadata ?? [:]).text())
            return Output(stackResourceDetail: detail)
        }
    }
}
