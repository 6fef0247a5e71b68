import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a query that was kept.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, DeleteQueryDefinition.
enum DeleteQueryDefinition: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = input["queryDefinitionId"]?.string ?? ""
        return { transaction in
            guard try LogDocument.remove(.definition, id, context, transaction) else {
                throw LogsError.resourceNotFound
            }
            return ["success": true]
        }
    }
}
