import AWSWire
import BatonCore
import BatonStore
import JSON

/// A change set with its changes, 100 to a page. Errors: ChangeSetNotFound.
/// Source: CloudFormation API reference, DescribeChangeSet.
enum DescribeChangeSet: Operation {
    struct Input: Decodable, Sendable {
        let changeSetName: String
        let stackName: String?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let page = try Page(input.nextToken)
        return try context.read { db in
            let (changeSet, stack) = try ChangeSetRecord.find(
                input.changeSetName, stack: input.stackName, context.account, context.region, db)
            let (changes, next) = page.cut(changeSet.document.changes)
            let definition = changeSet.document.definition
            var result = changeSet.summary(stack)
            result["Changes"] = .array(changes)
            result["Parameters"] = .array(StackOperations.shownParameters(definition))
            result["Tags"] = StackOperations.tags(definition.tags)
            result["Capabilities"] = .array(definition.capabilities.map { .string($0) })
            result["NotificationARNs"] = .array(definition.notificationARNs.map { .string($0) })
            result["RollbackConfiguration"] = changeSet.document.settings.rollbackConfiguration ?? [:]
            if let failure = changeSet.document.onStackFailure { result["OnStackFailure"] = .string(failure) }
            if let next { result["NextToken"] = .string(next) }
            return result
        }
    }
}
