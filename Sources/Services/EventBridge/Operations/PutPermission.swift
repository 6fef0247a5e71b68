import AWSWire
import BatonCore
import BatonStore
import JSON

/// Allows another account to put events on a bus: one statement, or the whole policy. Baton stores and shows it and
/// enforces nothing. Errors: ResourceNotFoundException, PolicyLengthExceededException, ValidationException. Source: API
/// reference, PutPermission.
enum PutPermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let eventBusName: String?
        let action: String?
        let principal: String?
        let statementId: String?
        let condition: JSON?
        let policy: String?
    }

    typealias Output = Nothing
    static let maxBytes = 10_240

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let key = BusKey(input.eventBusName, context)
        var whole: JSON?
        if let text = input.policy {
            guard let policy = try? JSON.parse(text), policy["Statement"] != nil else {
                throw EventsError.validation("This policy contains invalid Json")
            }
            whole = policy
        } else if input.action != "events:PutEvents" || input.principal == nil || input.statementId == nil {
            throw EventsError.validation(
                input.action == nil || input.action == "events:PutEvents"
                    ? "Parameter(s) Action, Principal and StatementId must be specified."
                    : "Provided value in parameter 'action' is not supported.")
        }
        return BusChange.write(key) { [whole] bus in
            let policy = whole ?? added(statement(input, bus), to: bus.policy)
            guard policy.text().utf8.count <= maxBytes else {
                throw AWSError("PolicyLengthExceededException", "Policy length exceeds \(maxBytes) bytes.")
            }
            bus.policy = policy
            return Nothing()
        }
    }

    private static func statement(_ input: Input, _ bus: EventBus) -> JSON {
        let principal = input.principal ?? "*"
        var statement: JSON = [
            "Sid": .string(input.statementId ?? ""), "Effect": "Allow",
            "Principal": principal == "*" ? "*" : ["AWS": .string("arn:aws:iam::\(principal):root")],
            "Action": "events:PutEvents", "Resource": .string(bus.arn.description),
        ]
        if let condition = input.condition, let type = condition["Type"]?.string, let key = condition["Key"]?.string {
            statement["Condition"] = .object([type: .object([key: condition["Value"] ?? ""])])
        }
        return statement
    }

    private static func added(_ statement: JSON, to policy: JSON?) -> JSON {
        let others = (policy?["Statement"]?.array ?? []).filter { $0["Sid"] != statement["Sid"] }
        return ["Version": "2012-10-17", "Statement": .array(others + [statement])]
    }
}
