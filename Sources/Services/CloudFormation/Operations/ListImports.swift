import AWSWire
import BatonCore
import BatonStore
import JSON

/// The names of the stacks that import a value. Errors: ValidationError when there are none.
/// Source: CloudFormation API reference, ListImports.
enum ListImports: Operation {
    struct Input: Decodable, Sendable {
        let exportName: String
        let nextToken: String?
    }
    struct Output: Encodable, Sendable {
        let imports: [String]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        let users = try context.read { db in
            try Exports.importers(input.exportName, context.account, context.region, db)
        }
        guard !users.isEmpty else {
            throw CloudFormationError.validation("Export '\(input.exportName)' is not imported by any stack.")
        }
        let (shown, next) = page.cut(users)
        return Output(imports: shown, nextToken: next)
    }
}
