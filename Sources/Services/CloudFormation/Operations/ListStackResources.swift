import AWSWire
import BatonCore
import BatonStore
import JSON

/// Summaries of the resources of a stack, 100 to a page. Source: CloudFormation API reference, ListStackResources.
enum ListStackResources: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let nextToken: String?
    }
    struct Output: Encodable, Sendable {
        let stackResourceSummaries: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        return try context.read { db in
            let stack = try StackOperations.stack(input.stackName, context, db)
            let (shown, next) = page.cut(try ResourceRecord.all(stack.id, db))
            let summaries = shown.map { record in
                var summary = record.description(of: stack, timestamp: "LastUpdatedTimestamp")
                summary["StackName"] = nil
                summary["StackId"] = nil
                return summary
            }
            return Output(stackResourceSummaries: summaries, nextToken: next)
        }
    }
}
