import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a function from a zip package. It can be invoked at once: State is `Active` from the beginning.
/// Errors: ResourceConflictException, InvalidParameterValueException (also when the machine lacks the interpreter).
/// Source: Lambda API reference, CreateFunction.
enum CreateFunction: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let code: CodeInput
        let publish: Bool?
        let packageType: String?
        let architectures: [String]?
        let tags: [String: String]?
        let settings: SettingsInput

        private enum Key: String, CodingKey { case functionName, code, publish, packageType, architectures, tags }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            functionName = try members.decode(String.self, forKey: .functionName)
            code = try members.decode(CodeInput.self, forKey: .code)
            publish = try members.decodeIfPresent(Bool.self, forKey: .publish)
            packageType = try members.decodeIfPresent(String.self, forKey: .packageType)
            architectures = try members.decodeIfPresent([String].self, forKey: .architectures)
            tags = try members.decodeIfPresent([String: String].self, forKey: .tags)
            settings = try SettingsInput(from: decoder)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> FunctionConfiguration {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context)
        guard reference.qualifier == nil else {
            throw LambdaError.invalid("The function name of a new function bears no qualifier: \(input.functionName)")
        }
        guard input.packageType != "Image" else {
            throw LambdaError.invalid("Baton runs functions from zip packages only, not from container images.")
        }
        guard let runtime = input.settings.runtime, let handler = input.settings.handler else {
            throw LambdaError.invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        }
        var settings = FunctionSettings(runtime: runtime, handler: handler, role: input.settings.role ?? "")
        settings.architectures = input.architectures ?? settings.architectures
        try settings.apply(input.settings)
        if let layers = input.settings.layers, !layers.isEmpty { settings.layers = try LayerUse.all(layers, context) }
        _ = try await lambda.interpreters.path(RuntimeKind(runtime))
        guard try context.read({ db in try db.functionRow(reference) }) == nil else {
            throw LambdaError.functionExists(reference.name)
        }
        let package = try await lambda.code().unpack(try await input.code.load(context), reference)
        let version = FunctionVersion(
            reference: reference, settings: settings, codeSha256: package.sha256, codeSize: package.size,
            revision: context.random.uuid())
        let (tags, publishes, nextRevision) = (input.tags ?? [:], input.publish == true, context.random.uuid())
        return try await context.write { transaction in
            guard try transaction.db.functionRow(reference) == nil else {
                throw LambdaError.functionExists(reference.name)
            }
            try transaction.execute(
                "INSERT INTO lambda_function (account, region, name, tags) VALUES (?, ?, ?, ?)", reference.account,
                reference.region, reference.name, try JSON(encoding: tags).text())
            var stored = version
            stored.modifiedMs = transaction.nowMs
            try stored.store(transaction)
            lambda.changedLatest(reference, transaction)
            guard publishes else { return FunctionConfiguration(stored, qualifier: nil) }
            let published = try stored.publish(nil, revision: nextRevision, transaction)
            return FunctionConfiguration(published, qualifier: published.version)
        }
    }
}
