import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists functions by name, 50 at a time; with `FunctionVersion=ALL` every version of each.
/// Source: Lambda API reference, ListFunctions.
enum ListFunctions: Operation {
    struct Input: Decodable, Sendable {
        let functionVersion: String?
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let functions: [FunctionConfiguration]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let place = try Page.place(input.marker)
        let limit = Page.size(input.maxItems)
        let all = input.functionVersion == "ALL"
        let rows = try context.read { db in
            try db.rows(
                """
                SELECT * FROM lambda_version
                WHERE account = ? AND region = ? AND (? OR number = 0) AND (name, number) > (?, ?)
                ORDER BY name, number LIMIT ?
                """, context.account, context.region, all, place?["name"]?.string ?? "",
                place?["number"]?.int ?? -1, limit + 1
            ).map(FunctionVersion.init)
        }
        let last = rows.count > limit ? rows[limit - 1] : nil
        return Output(
            functions: rows.prefix(limit).map {
                FunctionConfiguration($0, qualifier: all ? $0.version : nil, isListed: true)
            },
            nextMarker: last.map {
                PageToken.encode(["name": .string($0.reference.name), "number": .number(Int($0.version) ?? 0)])
            })
    }
}

/// Pages of Lambda's lists.
enum Page {
    /// Lists give at most 50 items, whatever is asked for.
    static func size(_ asked: Int?) -> Int { min(max(1, asked ?? 50), 50) }

    /// Errors: InvalidParameterValueException.
    static func place(_ marker: String?) throws(AWSError) -> JSON? {
        guard let marker, !marker.isEmpty else { return nil }
        guard let place = PageToken.decode(marker) else { throw LambdaError.invalid("Invalid pagination token") }
        return place
    }
}
