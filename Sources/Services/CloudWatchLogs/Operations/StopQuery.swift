import AWSWire
import BatonCore
import BatonStore
import JSON

/// Stops a query that is still running.
/// Errors: ResourceNotFoundException, InvalidParameterException (it has ended).
/// Source: CloudWatch Logs API reference, StopQuery.
enum StopQuery: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = input["queryId"]?.string ?? ""
        return { transaction in
            guard var query = try LogDocument.find(.query, id, context, transaction.db)?.body else {
                throw LogsError.queryNotFound
            }
            guard query["status"] == "Running" else {
                throw LogsError.invalid("Query is not running. Query status: \(query["status"]?.string ?? "")")
            }
            query["status"] = "Cancelled"
            try LogDocument.put(.query, id, query, context, transaction)
            return ["success": true]
        }
    }
}
