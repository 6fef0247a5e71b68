import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Up to 25 PartiQL statements on one item each, all reads or all writes; each has its own answer or error.
/// Errors: ValidationException. Source: API reference, BatchExecuteStatement.
enum BatchExecuteStatement: Operation {
    struct Input: Decodable, Sendable {
        let statements: [Statement]
        let returnConsumedCapacity: String?
    }

    struct Statement: Decodable, Sendable {
        let statement: String
        let parameters: [JSON]?
        let consistentRead: Bool?
        let returnValuesOnConditionCheckFailure: String?
    }

    struct Failure: Encodable, Sendable {
        let code: String
        let message: String
        let item: JSON?
    }

    struct Response: Encodable, Sendable {
        var error: Failure?
        var tableName: String?
        var item: JSON?
    }

    struct Output: Encodable, Sendable {
        var responses: [Response] = []
        var consumedCapacity: [JSON]?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        var statements: [PartiQLStatement] = []
        for entry in input.statements {
            statements.append(try StatementInput(entry.statement, entry.parameters).statement)
        }
        guard Set(statements.map(\.isRead)).count <= 1 else {
            throw .validation("Batch statements must be all reads or all writes")
        }
        var output = Output()
        var capacity: [JSON] = []
        for (entry, statement) in zip(input.statements, statements) {
            var response = Response(tableName: statement.table)
            do throws(AWSError) {
                let answer = try await one(entry, statement, input.returnConsumedCapacity, context)
                response.item = answer.items.first
                if let units = answer.consumedCapacity { capacity.append(units) }
            } catch {
                response.error = Failure(
                    code: code(error), message: error.message, item: error.fields["Item"])
            }
            output.responses.append(response)
        }
        if !capacity.isEmpty { output.consumedCapacity = capacity }
        return output
    }

    private static func one(
        _ entry: Statement, _ statement: PartiQLStatement, _ capacity: String?, _ context: Context
    ) async throws(AWSError) -> ExecuteStatement.Output {
        if statement.isRead, try !StatementRead(statement, context).isOneItem {
            throw .validation(
                "Select statements within BatchExecuteStatement must specify the primary key in the where clause.")
        }
        return try await ExecuteStatement.run(
            ExecuteStatement.Input(
                statement: entry.statement, parameters: entry.parameters, consistentRead: entry.consistentRead,
                nextToken: nil, returnConsumedCapacity: capacity, limit: nil,
                returnValuesOnConditionCheckFailure: entry.returnValuesOnConditionCheckFailure), context)
    }

    /// The codes of single statements are those of the exceptions without their end.
    private static func code(_ error: AWSError) -> String {
        switch error.code {
        case "ValidationException": "ValidationError"
        case "ConditionalCheckFailedException": "ConditionalCheckFailed"
        case "ResourceNotFoundException": "ResourceNotFound"
        case "DuplicateItemException": "DuplicateItem"
        default: "InternalServerError"
        }
    }
}
