import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What can bear tags, by its ARN.
enum TaggedResource: Sendable {
    case function(FunctionReference)
    case mapping(uuid: String)

    /// Errors: InvalidParameterValueException, ResourceNotFoundException for another region.
    init(_ text: String, _ context: Context) throws(AWSError) {
        let mapping = "event-source-mapping:"
        if let arn = ARN(text), arn.service == "lambda", arn.resource.hasPrefix(mapping) {
            self = .mapping(uuid: String(arn.resource.dropFirst(mapping.count)))
            return
        }
        let reference = try FunctionReference(text, context)
        guard reference.qualifier == nil else {
            throw LambdaError.invalid(
                "Tags on function aliases and versions are not supported. Please specify a function ARN.")
        }
        self = .function(reference)
    }

    /// Errors: ResourceNotFoundException.
    func read(_ db: Database) throws -> [String: String] {
        let row: Row?
        switch self {
        case .function(let reference):
            try db.requireFunction(reference)
            row = try db.functionRow(reference)
        case .mapping(let uuid):
            row = try db.row("SELECT tags FROM lambda_mapping WHERE uuid = ?", uuid)
            if row == nil { throw LambdaError.mappingNotFound() }
        }
        return try JSON.parse(row?["tags"] as String? ?? "{}").decoded()
    }

    func store(_ tags: [String: String], _ transaction: Transaction) throws {
        let text = try JSON(encoding: tags).text()
        switch self {
        case .function(let reference):
            try transaction.execute(
                "UPDATE lambda_function SET tags = ? WHERE account = ? AND region = ? AND name = ?", text,
                reference.account, reference.region, reference.name)
        case .mapping(let uuid):
            try transaction.execute("UPDATE lambda_mapping SET tags = ? WHERE uuid = ?", text, uuid)
        }
    }
}
