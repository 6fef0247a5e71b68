import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The configurations of asynchronous invocations of a function, its versions and aliases.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, ListFunctionEventInvokeConfigs.
enum ListFunctionEventInvokeConfigs: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let functionEventInvokeConfigs: [EventConfigOutput]
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
                SELECT * FROM lambda_event_config WHERE account = ? AND region = ? AND name = ? AND qualifier > ?
                ORDER BY qualifier LIMIT ?
                """, reference.account, reference.region, reference.name, place?["qualifier"]?.string ?? "",
                limit + 1
            ).map { row in
                (
                    qualifier: row["qualifier"] as String,
                    settings: try JSON.parse(row["settings"] as String).decoded(as: EventSettings.self),
                    modifiedMs: row["modified_ms"] as Int64
                )
            }
        }
        let last = rows.count > limit ? rows[limit - 1].qualifier : nil
        return Output(
            functionEventInvokeConfigs: rows.prefix(limit).map {
                EventConfigOutput($0.settings, reference.with(qualifier: $0.qualifier), modifiedMs: $0.modifiedMs)
            }, nextMarker: last.map { PageToken.encode(["qualifier": .string($0)]) })
    }
}
