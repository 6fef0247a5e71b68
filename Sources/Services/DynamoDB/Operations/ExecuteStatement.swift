import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// One PartiQL statement: a read, in pages, or a write of one item.
/// Errors: ConditionalCheckFailedException, DuplicateItemException, ResourceNotFoundException, ValidationException.
/// Source: API reference, ExecuteStatement.
enum ExecuteStatement: Operation {
    struct Input: Decodable, Sendable {
        let statement: String
        let parameters: [JSON]?
        let consistentRead: Bool?
        let nextToken: String?
        let returnConsumedCapacity: String?
        let limit: Int?
        let returnValuesOnConditionCheckFailure: String?
    }

    struct Output: Encodable, Sendable {
        var items: [JSON] = []
        var nextToken: String?
        var lastEvaluatedKey: JSON?
        var consumedCapacity: JSON?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let statement = try StatementInput(input.statement, input.parameters).statement
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        if statement.isRead { return try read(statement, input, detail, context) }
        if case .exists = statement.action { throw .validation("EXISTS can only be used in transactions") }
        let step = try TransactionStep(
            statement, context, returnsItemOnFailure: input.returnValuesOnConditionCheckFailure == "ALL_OLD")
        var (write, change) = try step.plan.get()
        write.detail = detail
        let plan = (write: write, change: change)
        let paths: [Path] = if case .update(let update) = statement.action { update.paths } else { [] }
        do throws(AWSError) {
            let answer = try await context.write { transaction in
                try plan.write.perform(transaction, paths: paths, plan.change)
            }
            return Output(items: answer.attributes.map { [$0] } ?? [], consumedCapacity: answer.consumedCapacity)
        } catch {
            throw error.ofStatement(statement)
        }
    }

    private static func read(
        _ statement: PartiQLStatement, _ input: Input, _ detail: ConsumedCapacity.Detail, _ context: Context
    ) throws(AWSError) -> Output {
        let read = try StatementRead(statement, context)
        let place = input.nextToken.flatMap { PageToken.decode($0) }
        if input.nextToken != nil, place == nil { throw .validation("Given NextToken is invalid") }
        let page = try read.read(
            context, limit: input.limit, isConsistent: input.consistentRead ?? false, after: place)
        let key = page.lastKey?.tree
        return Output(
            items: page.items, nextToken: key.map { PageToken.encode($0) }, lastEvaluatedKey: key,
            consumedCapacity: page.capacity.shown(read.table.name, detail))
    }
}
