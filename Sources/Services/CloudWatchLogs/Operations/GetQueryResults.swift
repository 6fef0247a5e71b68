import AWSWire
import BatonCore
import BatonStore
import JSON

/// The results of a query, or how far it is.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, GetQueryResults.
enum GetQueryResults: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let id = input["queryId"]?.string ?? ""
        let found = try context.read { db in try LogDocument.find(.query, id, context, db) }
        guard let query = found?.body else { throw LogsError.queryNotFound }
        return [
            "queryLanguage": "CWLI", "status": query["status"] ?? "Unknown", "results": query["results"] ?? [],
            "statistics": query["statistics"] ?? ["recordsMatched": 0, "recordsScanned": 0, "bytesScanned": 0],
        ]
    }
}
