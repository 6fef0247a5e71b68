import AWSWire
import BatonCore
import BatonStore
import JSON

/// The change sets of a stack, newest first. Source: CloudFormation API reference, ListChangeSets.
enum ListChangeSets: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let nextToken: String?
    }
    struct Output: Encodable, Sendable {
        let summaries: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        return try context.read { db in
            let stack = try StackOperations.namedStack(input.stackName, context, db)
            let (shown, next) = page.cut(try ChangeSetRecord.all(stack.id, db))
            return Output(summaries: shown.map { $0.summary(stack) }, nextToken: next)
        }
    }
}
