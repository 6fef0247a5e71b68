import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The exports of all stacks of the region, by name. Source: CloudFormation API reference, ListExports.
enum ListExports: Operation {
    struct Input: Decodable, Sendable { let nextToken: String? }
    struct Output: Encodable, Sendable {
        let exports: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        return try context.read { db in
            let rows = try db.rows(
                "SELECT name, value, stack_id FROM cfn_exports WHERE account = ? AND region = ? ORDER BY name",
                context.account, context.region)
            let (shown, next) = page.cut(rows)
            let exports: [JSON] = shown.map { row in
                [
                    "ExportingStackId": .string(row["stack_id"]), "Name": .string(row["name"]),
                    "Value": .string(row["value"]),
                ]
            }
            return Output(exports: exports, nextToken: next)
        }
    }
}
