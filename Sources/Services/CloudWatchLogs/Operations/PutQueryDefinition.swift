import AWSWire
import BatonCore
import BatonStore
import JSON

/// Keeps a query under a name, or changes one by its id.
/// Errors: ResourceNotFoundException. Source: CloudWatch Logs API reference, PutQueryDefinition.
enum PutQueryDefinition: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = input["queryDefinitionId"]?.string ?? context.random.uuid()
        return { transaction in
            let isNew = input["queryDefinitionId"] == nil
            guard try isNew || LogDocument.find(.definition, id, context, transaction.db) != nil else {
                throw LogsError.resourceNotFound
            }
            var definition = input
            definition["queryDefinitionId"] = .string(id)
            definition["lastModified"] = .number(Int(transaction.nowMs))
            if definition["queryLanguage"] == nil { definition["queryLanguage"] = "CWLI" }
            try LogDocument.put(.definition, id, definition, context, transaction)
            return ["queryDefinitionId": .string(id)]
        }
    }
}
