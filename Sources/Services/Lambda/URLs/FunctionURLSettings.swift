import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The URL of a function or an alias.
struct FunctionURLSettings: Codable, Sendable {
    static let kind = "url"

    /// Names the URL.
    let id: String
    var authType: String
    var cors: JSON?
    var invokeMode: String

    struct Output: Encodable, Sendable {
        let functionUrl: String
        let functionArn: String
        let authType: String
        let cors: JSON?
        let creationTime: String
        let lastModifiedTime: String
        let invokeMode: String
    }

    static func output(
        _ found: Attachment<FunctionURLSettings>, _ reference: FunctionReference, _ context: Context
    ) -> Output {
        let settings = found.settings
        return Output(
            functionUrl: FunctionURL.text(settings.id, context),
            functionArn: reference.qualified(found.qualifier).description, authType: settings.authType,
            cors: settings.cors, creationTime: Times.iso(found.createdMs),
            lastModifiedTime: Times.iso(found.modifiedMs),
            invokeMode: settings.invokeMode)
    }

    /// Errors: InvalidParameterValueException for a version: only functions and aliases have URLs.
    static func reference(
        _ name: String, _ qualifier: String?, _ context: Context
    ) throws(AWSError) -> FunctionReference {
        let reference = try FunctionReference(name, qualifier: qualifier, context)
        if let qualifier = reference.qualifier, qualifier == FunctionVersion.latest || Int(qualifier) != nil {
            throw LambdaError.invalid("Function URL config can only be created for a function or an alias.")
        }
        return reference
    }

    /// Errors: ResourceNotFoundException.
    static func required(
        _ reference: FunctionReference, _ db: Database
    ) throws -> Attachment<FunctionURLSettings> {
        _ = try db.resolve(reference)
        guard let found = try Attachment<FunctionURLSettings>.find(kind, reference, db) else {
            throw LambdaError.notFound("The resource you requested does not exist.")
        }
        return found
    }
}
