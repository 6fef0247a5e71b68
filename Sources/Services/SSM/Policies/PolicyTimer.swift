import BatonCore
import BatonStore
import JSON

/// The times at which the policies of a parameter act, as due rows.
enum PolicyTimer {
    static let kind = "ssm.policy"

    /// Sets all timers of the latest version anew.
    static func arm(_ parameter: Parameter, _ transaction: Transaction) throws {
        try transaction.cancelDue(kind: kind, key: parameter.dueKey)
        for (index, policy) in parameter.policies.enumerated() {
            let payload: JSON = ["key": .string(parameter.key), "policy": .number(index)]
            try transaction.schedule(
                kind, atMs: policy.atMs(parameter), account: parameter.account, region: parameter.region,
                key: parameter.dueKey, payload: payload.text())
        }
    }

    static func handle(_ row: DueRow, _ context: Context) -> DueOutcome {
        .commit { transaction in
            let payload = try JSON.parse(row.payload)
            let found = try Parameter.find(
                payload["key"]?.string ?? "", account: row.account, region: row.region, transaction.db)
            let index = payload["policy"]?.int ?? 0
            guard let parameter = found, parameter.policies.indices.contains(index) else { return }
            let policy = parameter.policies[index]
            try tell(policy, parameter, context, transaction)
            if policy.kind == .expiration { try parameter.delete(context, transaction) }
        }
    }

    /// Source: user guide, Parameter Store events. Assumed: the reason's text.
    private static func tell(
        _ policy: ParameterPolicy, _ parameter: Parameter, _ context: Context, _ transaction: Transaction
    ) throws {
        try context.publish(
            [
                ServiceEvent(
                    source: "aws.ssm", detailType: "Parameter Store Policy Action", resources: [parameter.arn],
                    detail: [
                        "policy-type": .string(policy.kind.rawValue), "parameter-name": .string(parameter.name),
                        "parameter-type": .string(parameter.type), "policy-content": .string(policy.text),
                        "action-status": "Success", "action-reason": "The time of the policy has come.",
                    ])
            ], transaction)
    }
}
