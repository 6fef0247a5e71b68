import AWSWire
import BatonCore
import BatonStore
import JSON

/// Tells a wait condition that something has succeeded or failed, like a request to its handle.
/// Errors: ValidationError. Source: CloudFormation API reference, SignalResource.
enum SignalResource: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let logicalResourceId: String
        let uniqueId: String
        let status: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        try await context.write { transaction in
            let stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            guard let record = try ResourceRecord.find(stack.id, input.logicalResourceId, transaction.db) else {
                throw CloudFormationError.validation(
                    "Resource \(input.logicalResourceId) does not exist for stack \(stack.name)")
            }
            let isWaiting = record.status == .createInProgress && record.type == "AWS::CloudFormation::WaitCondition"
            guard isWaiting, let token = record.properties["Handle"]?.string.flatMap(ResponsePath.token(ofURL:)) else {
                throw CloudFormationError.validation(
                    "Resource \(input.logicalResourceId) is in \(record.status.rawValue) state and cannot be signaled")
            }
            _ = try ResponsePath.keep(
                token, id: input.uniqueId, ["Status": .string(input.status), "Reason": "Resource signal sent"],
                transaction)
            return Nothing()
        }
    }
}
