import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists the aliases of a function by name, or those that point to one version.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, ListAliases.
enum ListAliases: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let functionVersion: String?
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let aliases: [Alias.Output]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let place = try Page.place(input.marker)
        let limit = Page.size(input.maxItems)
        let rows = try context.read { db in
            try db.requireFunction(reference)
            return try db.rows(
                """
                SELECT * FROM lambda_alias
                WHERE account = ? AND region = ? AND name = ? AND alias > ? AND (? IS NULL OR version = ?)
                ORDER BY alias LIMIT ?
                """, reference.account, reference.region, reference.name, place?["alias"]?.string ?? "",
                input.functionVersion, input.functionVersion, limit + 1
            ).map(Alias.init)
        }
        let last = rows.count > limit ? rows[limit - 1] : nil
        return Output(
            aliases: rows.prefix(limit).map(\.output),
            nextMarker: last.map { PageToken.encode(["alias": .string($0.name)]) })
    }
}
