import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a policy.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteResourcePolicy.
enum DeleteResourcePolicy: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let id = input["policyName"]?.string ?? input["resourceArn"]?.string ?? ""
        return { transaction in
            guard try LogDocument.remove(.policy, id, context, transaction) else {
                throw AWSError(
                    "ResourceNotFoundException", "Policy with name [\(id)] does not exist.")
            }
            return Nothing()
        }
    }
}
