import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Keeps a policy that lets services write logs: ten a region at most. Policies are not enforced.
/// Errors: InvalidParameterException, LimitExceededException.
/// Source: CloudWatch Logs API reference, PutResourcePolicy.
enum PutResourcePolicy: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    private static let limit = 10

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        // A policy of one resource has no name of its own.
        guard let id = input["policyName"]?.string ?? input["resourceArn"]?.string else {
            throw LogsError.invalid("Policy name must be specified.")
        }
        guard let document = input["policyDocument"]?.string, (try? JSON.parse(document))?.object != nil else {
            throw LogsError.invalid("Policy document is not valid JSON.")
        }
        let revision = context.random.hex(32)
        return { transaction in
            let known = try transaction.rows(
                "SELECT id FROM logs_document WHERE account = ? AND region = ? AND kind = 'policy' AND id <> ?",
                context.account, context.region, id)
            guard known.count < limit else { throw LogsError.limitExceeded }
            var policy: JSON = [
                "policyDocument": .string(document), "lastUpdatedTime": .number(Int(transaction.nowMs)),
            ]
            policy["policyName"] = input["policyName"]
            if let arn = input["resourceArn"] {
                policy["resourceArn"] = arn
                policy["policyScope"] = "RESOURCE"
                policy["revisionId"] = .string(revision)
            } else {
                policy["policyScope"] = "ACCOUNT"
            }
            try LogDocument.put(.policy, id, policy, context, transaction)
            var output: JSON = ["resourcePolicy": policy]
            output["revisionId"] = policy["revisionId"]
            return output
        }
    }
}
