import AWSWire
import BatonCore
import BatonStore
import JSON

/// One rule. Errors: ResourceNotFoundException. Source: API reference, DescribeRule.
enum DescribeRule: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let eventBusName: String?
    }

    struct Output: Encodable, Sendable {
        let name: String
        let arn: String
        let eventPattern: String?
        let scheduleExpression: String?
        let state: String
        let description: String?
        let roleArn: String?
        let managedBy: String?
        let eventBusName: String
        let createdBy: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let key = BusKey(input.eventBusName, context)
        let rule = try context.read { try Rule.require(input.name, key, $0) }
        return Output(
            name: rule.name, arn: rule.arn.description, eventPattern: rule.eventPattern,
            scheduleExpression: rule.scheduleExpression, state: rule.state, description: rule.description,
            roleArn: rule.roleArn, managedBy: rule.managedBy, eventBusName: rule.bus, createdBy: rule.account)
    }
}
