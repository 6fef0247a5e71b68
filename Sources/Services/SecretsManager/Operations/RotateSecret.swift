import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sets how a secret is rotated and begins a rotation, unless `RotateImmediately` is false: then the function is only
/// tested. A rotation that did not end is begun again, and the caller told so.
///
/// Errors: ResourceNotFoundException, InvalidRequestException, InvalidParameterException, AccessDeniedException (no such
/// function). Source: API reference, RotateSecret.
enum RotateSecret: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let clientRequestToken: String?
        let rotationLambdaARN: String?
        let rotationRules: JSON?
        let externalSecretRotationMetadata: JSON?
        let externalSecretRotationRoleArn: String?
        let rotateImmediately: Bool?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let versionId: String
    }

    /// A refusal that has an effect all the same, so that its transaction must not roll back.
    private enum Outcome: Sendable {
        case begun(Output)
        case unfinished
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let token = try ClientToken.required(
            input.clientRequestToken, context, SecretsManagerError.parameter)
        if let rules = input.rotationRules { _ = try RotationSchedule(rules) }
        let secret = try context.read { try Secret.requireWritable(input.secretId, context, $0) }
        guard let function = input.rotationLambdaARN ?? secret.rotation?.lambdaArn else {
            throw SecretsManagerError.request("No Lambda rotation function ARN is associated with this secret.")
        }
        try await checkFunction(function, context)
        let outcome = try await context.write { transaction -> Outcome in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            let labels = try SecretVersion.labels(of: secret, transaction.db)
            // Assumed: the text.
            guard labels.holder(of: StageLabels.current) != nil else {
                throw SecretsManagerError.request("You can't rotate a secret that has no value.")
            }
            // The same request again.
            guard labels.versions[token] == nil else { return .begun(Output(secret, token)) }
            let isUnfinished = RotationStep.pending(labels) != nil
            if !isUnfinished { try configure(&secret, input, function, transaction) }
            try RotationStep.begin(
                &secret, token: token, isTest: !isUnfinished && input.rotateImmediately == false, context, transaction)
            return isUnfinished ? .unfinished : .begun(Output(secret, token))
        }
        switch outcome {
        case .begun(let output): return output
        case .unfinished:
            throw SecretsManagerError.request(
                "A previous rotation isn't complete. That rotation will be reattempted.")
        }
    }

    private static func configure(
        _ secret: inout Secret, _ input: Input, _ function: String, _ transaction: Transaction
    ) throws {
        var rotation =
            secret.rotation ?? Rotation(isEnabled: true, lambdaArn: function, originMs: transaction.nowMs)
        rotation.isEnabled = true
        rotation.lambdaArn = function
        rotation.rules = input.rotationRules ?? rotation.rules
        rotation.externalMetadata = input.externalSecretRotationMetadata ?? rotation.externalMetadata
        rotation.externalRoleArn = input.externalSecretRotationRoleArn ?? rotation.externalRoleArn
        if input.rotationRules != nil { rotation.originMs = transaction.nowMs }
        try rotation.arm(secret, after: transaction.nowMs, transaction)
        secret.rotation = rotation
        try secret.saveChanged(transaction)
    }

    /// The function must be there. Its policy is not looked at.
    private static func checkFunction(_ function: String, _ context: Context) async throws(AWSError) {
        do {
            _ = try await context.call("lambda", "GetFunctionConfiguration", ["FunctionName": .string(function)])
        } catch {
            guard error.status < 500 else { return }
            throw AWSError(
                "AccessDeniedException",
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
                    + "access to the principal secretsmanager.amazonaws.com.")
        }
    }
}

extension RotateSecret.Output {
    init(_ secret: Secret, _ version: String) {
        self.init(arn: secret.arn, name: secret.name, versionId: version)
    }
}
