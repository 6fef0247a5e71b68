import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists `$LATEST` and the published versions in their order.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, ListVersionsByFunction.
enum ListVersionsByFunction: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let versions: [FunctionConfiguration]
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
                SELECT * FROM lambda_version WHERE account = ? AND region = ? AND name = ? AND number > ?
                ORDER BY number LIMIT ?
                """, reference.account, reference.region, reference.name, place?["number"]?.int ?? -1, limit + 1
            ).map(FunctionVersion.init)
        }
        let last = rows.count > limit ? rows[limit - 1] : nil
        return Output(
            versions: rows.prefix(limit).map { FunctionConfiguration($0, qualifier: $0.version, isListed: true) },
            nextMarker: last.map { PageToken.encode(["number": .number(Int($0.version) ?? 0)]) })
    }
}
