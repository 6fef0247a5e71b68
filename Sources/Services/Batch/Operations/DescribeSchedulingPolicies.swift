import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows scheduling policies by ARN; unknown ones are left out.
/// Errors: ClientException. Source: Batch API reference, DescribeSchedulingPolicies.
enum DescribeSchedulingPolicies: Operation {
    struct Input: Decodable, Sendable { let arns: [String] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let found = try context.read { db in try input.arns.compactMap { try PolicyRecord.find($0, context, db) } }
        return ["schedulingPolicies": .array(found.map(\.detail))]
    }
}
