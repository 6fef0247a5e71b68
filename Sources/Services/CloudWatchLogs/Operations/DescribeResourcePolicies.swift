import AWSWire
import BatonCore
import BatonStore
import JSON

/// The policies of the region by name, at most 50 at a time.
/// Source: CloudWatch Logs API reference, DescribeResourcePolicies.
enum DescribeResourcePolicies: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let scope = input["policyScope"] ?? "ACCOUNT"
        let policies = try LogDocument.all(.policy, context).filter { policy in
            guard let arn = input["resourceArn"] else { return policy.body["policyScope"] == scope }
            return policy.body["resourceArn"] == arn
        }
        let (page, token) = try ListPage.of(policies, input) { $0.id }
        var output: JSON = ["resourcePolicies": .array(page.map(\.body))]
        output["nextToken"] = token
        return output
    }
}
