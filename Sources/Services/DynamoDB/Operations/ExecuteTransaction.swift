import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Up to 100 PartiQL statements on different items, all reads or all writes: all of them or none. `EXISTS` checks an item
/// among writes.
/// Errors: IdempotentParameterMismatchException, ResourceNotFoundException, TransactionCanceledException,
/// ValidationException. Source: API reference, ExecuteTransaction.
enum ExecuteTransaction: Operation {
    struct Input: Decodable, Sendable {
        let transactStatements: [Statement]
        let clientRequestToken: String?
        let returnConsumedCapacity: String?
    }

    struct Statement: Codable, Sendable {
        let statement: String
        let parameters: [JSON]?
        let returnValuesOnConditionCheckFailure: String?
    }

    struct Output: Encodable, Sendable {
        var responses: [TransactGetItems.Response] = []
        var consumedCapacity: [JSON]?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        var statements: [PartiQLStatement] = []
        for entry in input.transactStatements {
            statements.append(try StatementInput(entry.statement, entry.parameters).statement)
        }
        guard Set(statements.map(\.isRead)).count <= 1 else {
            throw .validation("Transaction statements must be all reads or all writes")
        }
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        if statements.first?.isRead == true { return try read(statements, detail, context) }
        var steps: [TransactionStep] = []
        for (entry, statement) in zip(input.transactStatements, statements) {
            steps.append(
                try TransactionStep(
                    statement, context, returnsItemOnFailure: entry.returnValuesOnConditionCheckFailure == "ALL_OLD"))
        }
        try TransactionSteps.check(steps)
        let content = try? JSON(encoding: input.transactStatements)
        let use = input.clientRequestToken.map {
            TransactionTokens.Use($0, content ?? [], account: context.account, region: context.region)
        }
        let plan = steps
        let answer = try await context.write { transaction in
            let isFirst = try use.map { try TransactionTokens.isFirst($0, transaction) } ?? true
            return try TransactionSteps.perform(plan, transaction, detail, isFirst: isFirst)
        }
        return Output(
            responses: steps.map { _ in TransactGetItems.Response(item: nil) },
            consumedCapacity: answer.consumedCapacity)
    }

    private static func read(
        _ statements: [PartiQLStatement], _ detail: ConsumedCapacity.Detail, _ context: Context
    ) throws(AWSError) -> Output {
        var output = Output(consumedCapacity: detail == .none ? nil : [])
        for statement in statements {
            let read = try StatementRead(statement, context)
            guard read.isOneItem else {
                throw .validation(
                    "Select statements within ExecuteTransaction must specify the primary key in the where clause.")
            }
            let page = try read.read(context, isConsistent: true)
            output.responses.append(TransactGetItems.Response(item: page.items.first))
            if let shown = page.capacity.doubled.shown(read.table.name, detail, kind: "ReadCapacityUnits") {
                output.consumedCapacity?.append(shown)
            }
        }
        return output
    }
}
