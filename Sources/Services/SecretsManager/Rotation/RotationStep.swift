import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// One step of a rotation, on its way to the Lambda function: a due row for each, committed with the outcome of the one
/// before, so that a rotation goes on after a restart with the step that was not recorded.
///
/// When a step fails, the rotation is begun again with the same version, ``maxAttempts`` times in all, after a growing
/// pause. Assumed: number and pauses; AWS says only that it tries again. Source: user guide, rotation functions.
struct RotationStep: Codable, Sendable {
    static let kind = "secretsmanager.step"
    static let names = ["createSecret", "setSecret", "testSecret", "finishSecret"]
    static let maxAttempts = 5
    private static let test = 2

    let name: String
    let token: String
    var step = 0
    /// Rotations that failed before.
    var failures = 0
    /// Only `testSecret` is called, to see whether the function can be.
    var isTest = false

    /// The pause after the failure with this number, from 1.
    static func delayMs(_ failures: Int) -> Int64 { min(60_000 << Int64(min(failures - 1, 6)), Limits.hourMs) }

    private func schedule(atMs: Int64, _ secret: Secret, _ transaction: Transaction) throws {
        try transaction.schedule(
            Self.kind, atMs: atMs, account: secret.account, region: secret.region, key: secret.key,
            payload: try JSON(encoding: self).text())
    }

    // MARK: Beginning

    /// The version of a rotation that has begun and did not end.
    static func pending(_ labels: StageLabels) -> String? {
        guard let pending = labels.holder(of: StageLabels.pending),
            pending != labels.holder(of: StageLabels.current)
        else { return nil }
        return pending
    }

    /// Announces a version and commits the first step; a rotation that did not end is begun again instead.
    static func begin(
        _ secret: inout Secret, token: String, isTest: Bool = false, _ context: Context, _ transaction: Transaction
    ) throws {
        try transaction.cancelDue(kind: kind, key: secret.key)
        let pending = pending(try SecretVersion.labels(of: secret, transaction.db))
        if pending == nil {
            let draft = try SecretVersion.Draft(token, nil, [StageLabels.pending], context)
            _ = try SecretVersion.put(draft, in: &secret, context, transaction)
        }
        let step = RotationStep(name: secret.name, token: pending ?? token, step: isTest ? test : 0, isTest: isTest)
        try step.schedule(atMs: transaction.nowMs, secret, transaction)
    }

    // MARK: Doing

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let step: RotationStep = try JSON.parse(row.payload).decoded()
        let found = try context.read {
            try Secret.find(named: step.name, account: row.account, region: row.region, $0)
        }
        guard let secret = found, secret.deletionMs == nil, let rotation = secret.rotation, rotation.isEnabled else {
            return .done
        }
        let failure = await step.call(rotation.lambdaArn, secret, context)
        return .commit { try step.settle(failure, context, row, $0) }
    }

    /// nil when the function did its step.
    private func call(_ function: String, _ secret: Secret, _ context: Context) async -> String? {
        let event: JSON = [
            "SecretId": .string(secret.arn), "ClientRequestToken": .string(token), "Step": .string(Self.names[step]),
            "RotationToken": .string(context.random.uuid()),
        ]
        do throws(AWSError) {
            let answer = try await context.call(
                "lambda", "Invoke", ["FunctionName": .string(function), "Payload": .bytes(event.serialized())])
            guard answer["FunctionError"]?.string != nil else { return nil }
            return String(decoding: answer["Payload"]?.bytes ?? [], as: UTF8.self)
        } catch {
            return error.description
        }
    }

    private func settle(
        _ failure: String?, _ context: Context, _ row: DueRow, _ transaction: Transaction
    ) throws {
        let found = try Secret.find(named: name, account: row.account, region: row.region, transaction.db)
        guard var secret = found, secret.deletionMs == nil, var rotation = secret.rotation else { return }
        if isTest {
            if let failure { log(failure, secret, context) }
            return try forgetTest(secret, transaction)
        }
        if let failure { return try fail(failure, secret, context, transaction) }
        guard step == Self.names.count - 1 else {
            var next = self
            next.step += 1
            return try next.schedule(atMs: transaction.nowMs, secret, transaction)
        }
        guard try SecretVersion.labels(of: secret, transaction.db).holder(of: StageLabels.current) == token else {
            return try fail("the new version is not AWSCURRENT after finishSecret", secret, context, transaction)
        }
        (rotation.rotatedMs, rotation.originMs) = (transaction.nowMs, transaction.nowMs)
        try rotation.arm(secret, after: transaction.nowMs, transaction)
        secret.rotation = rotation
        try secret.saveChanged(transaction)
    }

    private func fail(
        _ failure: String, _ secret: Secret, _ context: Context, _ transaction: Transaction
    ) throws {
        log(failure, secret, context)
        let failures = failures + 1
        guard failures < Self.maxAttempts else { return }
        let again = RotationStep(name: name, token: token, failures: failures)
        try again.schedule(atMs: transaction.nowMs + Self.delayMs(failures), secret, transaction)
    }

    private func log(_ failure: String, _ secret: Secret, _ context: Context) {
        context.logger.warning(
            "a rotation failed",
            metadata: ["secret": "\(secret.arn)", "step": "\(Self.names[step])", "error": "\(failure)"])
    }

    /// A test leaves no version behind.
    private func forgetTest(_ secret: Secret, _ transaction: Transaction) throws {
        let labels = try SecretVersion.labels(of: secret, transaction.db)
        guard labels.holder(of: StageLabels.current) != token else { return }
        try SecretVersion.remove(token, of: secret, transaction)
    }
}
