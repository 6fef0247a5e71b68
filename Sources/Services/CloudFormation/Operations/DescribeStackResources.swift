import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The resources of a stack, or of the stack that a physical resource belongs to.
/// Errors: ValidationError. Source: CloudFormation API reference, DescribeStackResources.
enum DescribeStackResources: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String?
        let logicalResourceId: String?
        let physicalResourceId: String?
    }
    struct Output: Encodable, Sendable { let stackResources: [JSON] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard input.stackName == nil || input.physicalResourceId == nil else {
            throw CloudFormationError.validation("Both StackName and PhysicalResourceId cannot be specified")
        }
        return try context.read { db in
            let stack = try stack(input, context, db)
            let records = try ResourceRecord.all(stack.id, db)
            let wanted = records.filter { record in input.logicalResourceId.map { $0 == record.logicalId } ?? true }
            if let logicalId = input.logicalResourceId, wanted.isEmpty {
                throw CloudFormationError.validation("Resource \(logicalId) does not exist for stack \(stack.name)")
            }
            return Output(stackResources: wanted.map { $0.description(of: stack, timestamp: "Timestamp") })
        }
    }

    private static func stack(_ input: Input, _ context: Context, _ db: Database) throws -> StackRecord {
        if let name = input.stackName {
            return try StackOperations.stack(name, context, db)
        }
        guard let physicalId = input.physicalResourceId else {
            throw CloudFormationError.validation("Either StackName or PhysicalResourceId must be specified")
        }
        let row = try db.row(
            """
            SELECT s.* FROM cfn_stacks s JOIN cfn_resources r ON r.stack_id = s.id
            WHERE r.physical_id = ? AND s.account = ? AND s.region = ? AND s.live = 1
            """, physicalId, context.account, context.region)
        guard let row else { throw CloudFormationError.validation("Stack for \(physicalId) does not exist") }
        return try StackRecord(row)
    }
}

extension ResourceRecord {
    /// In the form of the describe operations.
    func description(of stack: StackRecord, timestamp: String) -> JSON {
        var result: JSON = [
            "StackName": .string(stack.name), "StackId": .string(stack.id), "LogicalResourceId": .string(logicalId),
            "PhysicalResourceId": .string(physicalId), "ResourceType": .string(type),
            timestamp: Timestamp.value(updatedMs), "ResourceStatus": .string(status.rawValue),
            "DriftInformation": ["StackResourceDriftStatus": "NOT_CHECKED"],
        ]
        if let reason { result["ResourceStatusReason"] = .string(reason) }
        return result
    }
}
