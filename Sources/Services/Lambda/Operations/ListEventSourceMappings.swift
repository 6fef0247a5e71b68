import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists mappings, of one function or of one source where the request names it, 100 at a time.
/// Source: Lambda API reference, ListEventSourceMappings.
enum ListEventSourceMappings: Operation {
    struct Input: Decodable, Sendable {
        let eventSourceArn: String?
        let functionName: String?
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let nextMarker: String?
        let eventSourceMappings: [MappingOutput]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name: String?
        if let text = input.functionName { name = try FunctionReference(text, context).name } else { name = nil }
        let place = try Page.place(input.marker)
        let limit = min(max(1, input.maxItems ?? 100), 100)
        let rows = try context.read { db in
            try db.rows(
                """
                \(Mapping.selection)
                WHERE account = ? AND region = ? AND uuid > ? AND (? IS NULL OR name = ?)
                    AND (? IS NULL OR source_arn = ?)
                ORDER BY uuid LIMIT ?
                """, context.account, context.region, place?["uuid"]?.string ?? "", name, name,
                input.eventSourceArn, input.eventSourceArn, limit + 1
            ).map(Mapping.init)
        }
        let last = rows.count > limit ? rows[limit - 1] : nil
        return Output(
            nextMarker: last.map { PageToken.encode(["uuid": .string($0.uuid)]) },
            eventSourceMappings: rows.prefix(limit).map { MappingOutput($0) })
    }
}
