import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a statement to the policy of a function, version or alias. Policies are kept and shown, not enforced.
/// Errors: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException,
/// InvalidParameterValueException. Source: Lambda API reference, AddPermission.
enum AddPermission: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let statementId: String
        let action: String
        let principal: String
        let sourceArn: String?
        let sourceAccount: String?
        let principalOrgID: String?
        let eventSourceToken: String?
        let functionUrlAuthType: String?
        let invokedViaFunctionUrl: Bool?
        let revisionId: String?
    }
    struct Output: Encodable, Sendable { let statement: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        guard reference.qualifier != FunctionVersion.latest else {
            throw LambdaError.invalid("We currently do not support adding policies for $LATEST.")
        }
        let text = try statement(input, reference).text()
        let revision = context.random.uuid()
        return try await context.write { transaction in
            _ = try transaction.db.resolve(reference)
            try Policy.check(input.revisionId, reference, transaction)
            let inserted = try transaction.execute(
                """
                INSERT OR IGNORE INTO lambda_permission
                    (account, region, name, qualifier, statement_id, statement, revision)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, reference.account, reference.region, reference.name, Policy.qualifier(reference),
                input.statementId, text, revision)
            guard inserted == 1 else {
                throw LambdaError.conflict(
                    "The statement id (\(input.statementId)) provided already exists. Please provide a new statement id,"
                        + " or remove the existing statement.")
            }
            return Output(statement: text)
        }
    }

    private static func statement(_ input: Input, _ reference: FunctionReference) throws(AWSError) -> JSON {
        var statement: JSON = [
            "Sid": .string(input.statementId), "Effect": "Allow", "Principal": try principal(input.principal),
            "Action": .string(input.action), "Resource": .string(reference.arn.description),
        ]
        var condition: JSON = [:]
        var equals: JSON = [:]
        if let account = input.sourceAccount { equals["AWS:SourceAccount"] = .string(account) }
        if let organisation = input.principalOrgID { equals["aws:PrincipalOrgID"] = .string(organisation) }
        if let token = input.eventSourceToken { equals["lambda:EventSourceToken"] = .string(token) }
        if let kind = input.functionUrlAuthType { equals["lambda:FunctionUrlAuthType"] = .string(kind) }
        if equals.object?.isEmpty == false { condition["StringEquals"] = equals }
        if let isViaURL = input.invokedViaFunctionUrl {
            condition["Bool"] = ["lambda:InvokedViaFunctionUrl": .string(String(isViaURL))]
        }
        if let arn = input.sourceArn { condition["ArnLike"] = ["AWS:SourceArn": .string(arn)] }
        if condition.object?.isEmpty == false { statement["Condition"] = condition }
        return statement
    }

    private static func principal(_ text: String) throws(AWSError) -> JSON {
        if text == "*" { return "*" }
        if text.utf8.count == 12, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            return ["AWS": .string("arn:aws:iam::\(text):root")]
        }
        if text.hasPrefix("arn:") { return ["AWS": .string(text)] }
        guard text.contains(".") else {
            throw LambdaError.invalid("The provided principal was invalid. Please check the principal and try again.")
        }
        return ["Service": .string(text)]
    }
}
