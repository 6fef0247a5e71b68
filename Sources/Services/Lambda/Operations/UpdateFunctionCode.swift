import AWSWire
import BatonCore
import BatonStore

/// Replaces the code of `$LATEST`.
/// Errors: ResourceNotFoundException, InvalidParameterValueException, PreconditionFailedException.
/// Source: Lambda API reference, UpdateFunctionCode.
enum UpdateFunctionCode: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let publish: Bool?
        let dryRun: Bool?
        let revisionId: String?
        let architectures: [String]?
        let code: CodeInput

        private enum Key: String, CodingKey { case functionName, publish, dryRun, revisionId, architectures }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            functionName = try members.decode(String.self, forKey: .functionName)
            publish = try members.decodeIfPresent(Bool.self, forKey: .publish)
            dryRun = try members.decodeIfPresent(Bool.self, forKey: .dryRun)
            revisionId = try members.decodeIfPresent(String.self, forKey: .revisionId)
            architectures = try members.decodeIfPresent([String].self, forKey: .architectures)
            code = try CodeInput(from: decoder)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionConfiguration {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        _ = try context.read { db in try db.resolve(reference) }
        let package = try await lambda.code().unpack(try await input.code.load(context), reference)
        let (revision, nextRevision) = (context.random.uuid(), context.random.uuid())
        return try await context.write { transaction in
            var latest = try transaction.db.resolve(reference)
            if let expected = input.revisionId, expected != latest.revision { throw LambdaError.otherRevision() }
            latest.codeSha256 = package.sha256
            latest.codeSize = package.size
            latest.settings.architectures = input.architectures ?? latest.settings.architectures
            latest.modifiedMs = transaction.nowMs
            guard input.dryRun != true else { return FunctionConfiguration(latest, qualifier: nil) }
            latest.revision = revision
            try latest.store(transaction)
            lambda.changedLatest(reference, transaction)
            guard input.publish == true else { return FunctionConfiguration(latest, qualifier: nil) }
            let published = try latest.publish(nil, revision: nextRevision, transaction)
            return FunctionConfiguration(published, qualifier: published.version)
        }
    }
}
