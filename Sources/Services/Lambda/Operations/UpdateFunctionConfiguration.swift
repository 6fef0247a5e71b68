import AWSWire
import BatonCore
import BatonStore

/// Changes the settings of `$LATEST`; what the request does not name stays.
/// Errors: ResourceNotFoundException, InvalidParameterValueException, PreconditionFailedException.
/// Source: Lambda API reference, UpdateFunctionConfiguration.
enum UpdateFunctionConfiguration: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let revisionId: String?
        let settings: SettingsInput

        private enum Key: String, CodingKey { case functionName, revisionId }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            functionName = try members.decode(String.self, forKey: .functionName)
            revisionId = try members.decodeIfPresent(String.self, forKey: .revisionId)
            settings = try SettingsInput(from: decoder)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionConfiguration {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        if let runtime = input.settings.runtime { _ = try await lambda.interpreters.path(RuntimeKind(runtime)) }
        let layers = try input.settings.layers.map { (arns) throws(AWSError) in try LayerUse.all(arns, context) }
        let revision = context.random.uuid()
        return try await context.write { transaction in
            var latest = try transaction.db.resolve(reference)
            if let expected = input.revisionId, expected != latest.revision { throw LambdaError.otherRevision() }
            try latest.settings.apply(input.settings)
            if let layers { latest.settings.layers = layers.isEmpty ? nil : layers }
            latest.revision = revision
            latest.modifiedMs = transaction.nowMs
            try latest.store(transaction)
            lambda.changedLatest(reference, transaction)
            return FunctionConfiguration(latest, qualifier: nil)
        }
    }
}
