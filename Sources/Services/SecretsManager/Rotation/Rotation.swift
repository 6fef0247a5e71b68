import AWSWire
import BatonCore
import BatonStore
import JSON

/// How and when a secret is rotated.
struct Rotation: Codable, Equatable, Sendable {
    var isEnabled: Bool
    var lambdaArn: String
    /// As they were given: `{AutomaticallyAfterDays, Duration, ScheduleExpression}`.
    var rules: JSON?
    /// Of a managed external secret; stored and shown.
    var externalMetadata: JSON?
    var externalRoleArn: String?
    /// When the last rotation ended.
    var rotatedMs: Int64?
    /// From when a rate counts.
    var originMs: Int64

    /// The next window.
    func next(after ms: Int64) throws(AWSError) -> Range<Int64>? {
        guard isEnabled, let rules else { return nil }
        return try RotationSchedule(rules)?.window(after: ms, originMs: originMs)
    }

    /// What a description of the secret says of it. The next rotation is told by the last second of its window.
    func describe(into result: inout JSON) {
        result["RotationEnabled"] = .bool(isEnabled)
        result["RotationLambdaARN"] = .string(lambdaArn)
        guard isEnabled else { return }
        result["ExternalSecretRotationMetadata"] = externalMetadata
        result["ExternalSecretRotationRoleArn"] = externalRoleArn.map { .string($0) }
        result["LastRotatedDate"] = rotatedMs.map { .number(Timestamp.number($0)) }
        guard var shown = rules else { return }
        // A rate of days is shown in both ways.
        if let text = rules?["ScheduleExpression"]?.string, case .rate(let ms) = ScheduleExpression(text),
            ms % Limits.dayMs == 0
        {
            shown["AutomaticallyAfterDays"] = .number(Int(ms / Limits.dayMs))
        }
        result["RotationRules"] = shown
        result["NextRotationDate"] = nextMs.map { .number(Timestamp.number($0)) }
    }

    /// The end of the window for which the timer is set.
    var nextMs: Int64?

    /// Sets the timer for the first window after `ms`.
    mutating func arm(_ secret: Secret, after ms: Int64, _ transaction: Transaction) throws {
        try transaction.cancelDue(kind: RotationTimer.kind, key: secret.key)
        let window = try next(after: ms)
        nextMs = window.map { $0.upperBound - 1000 }
        guard let window else { return }
        try transaction.schedule(
            RotationTimer.kind, atMs: window.lowerBound, account: secret.account, region: secret.region,
            key: secret.key, payload: secret.name)
    }
}

extension Secret {
    /// A new current value counts as a rotation for rules in days.
    mutating func valueChanged(_ context: Context, _ transaction: Transaction) throws {
        guard var rotation, rotation.isEnabled, rotation.rules?["AutomaticallyAfterDays"] != nil else { return }
        rotation.originMs = transaction.nowMs
        try rotation.arm(self, after: transaction.nowMs, transaction)
        self.rotation = rotation
    }
}
