import AWSWire
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// How answers show executions.
extension ExecutionRecord {
    /// For how long an execution that failed can be redriven: 14 days, milliseconds.
    static let redrivableMs: Int64 = 14 * 86_400_000

    /// Why it cannot be redriven; nil when it can.
    /// - Parameter events: how many its history has, when that is known.
    func redriveHindrance(nowMs: Int64, events: Int = 0) -> String? {
        if isRunning { return "Execution is RUNNING and cannot be redriven" }
        if status == ExecutionEnd.Status.succeeded.rawValue { return "Execution is SUCCEEDED and cannot be redriven" }
        if let stopMs, nowMs - stopMs > Self.redrivableMs { return "Execution redrivable period exceeded" }
        if events >= ExecutionLifecycle.historyLimit - 1 { return "Execution history event limit exceeded" }
        if mapRun != nil { return "Execution is a child of a Map Run; redrive its parent" }
        return nil
    }

    /// How many events its history has.
    func events(_ db: Database) throws -> Int {
        let last = try db.row(
            "SELECT first_id, count FROM sfn_history WHERE execution = ? ORDER BY first_id DESC LIMIT 1", id)
        return last.map { $0["first_id"] + $0["count"] - 1 } ?? 0
    }

    /// What DescribeExecution answers.
    func description(nowMs: Int64, events: Int = 0, hidesData: Bool = false, mapRunArn: String? = nil) -> JSON {
        var tree: JSON.Object = [
            "executionArn": .string(arn), "stateMachineArn": .string(machineArn), "name": .string(name),
            "status": .string(status), "startDate": .number(startMs.seconds), "redriveCount": .number(redriveCount),
        ]
        if let stopMs { tree["stopDate"] = .number(stopMs.seconds) }
        if !hidesData {
            tree["input"] = .string(input)
            if let output { tree["output"] = .string(output) }
            if let error { tree["error"] = .string(error) }
            if let cause { tree["cause"] = .string(cause) }
        }
        tree["inputDetails"] = ["included": .bool(!hidesData)]
        if output != nil { tree["outputDetails"] = ["included": .bool(!hidesData)] }
        if let traceHeader { tree["traceHeader"] = .string(traceHeader) }
        if let mapRunArn { tree["mapRunArn"] = .string(mapRunArn) }
        if let versionArn { tree["stateMachineVersionArn"] = .string(versionArn) }
        if let aliasArn { tree["stateMachineAliasArn"] = .string(aliasArn) }
        if let redriveMs { tree["redriveDate"] = .number(redriveMs.seconds) }
        if mapRun != nil, status != ExecutionEnd.Status.succeeded.rawValue, !isRunning {
            tree["redriveStatus"] = "REDRIVABLE_BY_MAP_RUN"
        } else if let reason = redriveHindrance(nowMs: nowMs, events: events) {
            tree["redriveStatus"] = "NOT_REDRIVABLE"
            tree["redriveStatusReason"] = .string(reason)
        } else {
            tree["redriveStatus"] = "REDRIVABLE"
        }
        return .object(tree)
    }
}
