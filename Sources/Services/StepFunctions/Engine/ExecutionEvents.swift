import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// `Step Functions Execution Status Change` events on the default event bus, committed with the change. Standard
/// executions only. Source: developer guide, "Automating Step Functions event delivery with EventBridge".
enum ExecutionEvents {
    /// Input and output are left out beyond this, bytes.
    private static let dataLimit = 248 * 1024

    /// An execution that begins, and may have come to its end in the same transaction.
    static func started(_ record: ExecutionRecord, _ tx: Transaction, _ host: BatonCore.Host) throws {
        var before = record
        before.status = ExecutionRecord.running
        (before.stopMs, before.output, before.error, before.cause) = (nil, nil, nil, nil)
        try publish(record.isRunning ? [before] : [before, record], tx, host)
    }

    static func changed(_ record: ExecutionRecord, _ tx: Transaction, _ host: BatonCore.Host) throws {
        try publish([record], tx, host)
    }

    private static func publish(
        _ records: [ExecutionRecord], _ tx: Transaction, _ host: BatonCore.Host
    ) throws {
        guard host.publisher != nil, let first = records.first else { return }
        let context = host.context(account: first.account, region: first.region)
        try context.publish(
            records.map { record in
                ServiceEvent(
                    source: "aws.states", detailType: "Step Functions Execution Status Change",
                    resources: [record.arn], detail: detail(record, nowMs: tx.nowMs))
            }, tx)
    }

    private static func detail(_ record: ExecutionRecord, nowMs: Int64) -> JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        func time(_ value: Int64?) -> JSON { value.map { .number(Int($0)) } ?? .null }
        let isIncluded = record.input.utf8.count + (record.output?.utf8.count ?? 0) <= dataLimit
        let hindrance = record.redriveHindrance(nowMs: nowMs)
        return [
            "executionArn": .string(record.arn), "stateMachineArn": .string(record.machineArn),
            "name": .string(record.name), "status": .string(record.status), "startDate": time(record.startMs),
            "stopDate": time(record.stopMs), "input": isIncluded ? .string(record.input) : .null,
            "output": isIncluded ? text(record.output) : .null,
            "stateMachineVersionArn": text(record.versionArn), "stateMachineAliasArn": text(record.aliasArn),
            "redriveCount": .number(record.redriveCount), "redriveDate": time(record.redriveMs),
            "redriveStatus": hindrance == nil ? "REDRIVABLE" : "NOT_REDRIVABLE",
            "redriveStatusReason": text(hindrance), "inputDetails": ["included": .bool(isIncluded)],
            "outputDetails": record.output == nil ? .null : ["included": .bool(isIncluded)],
            "error": text(record.error), "cause": text(record.cause),
        ]
    }
}
