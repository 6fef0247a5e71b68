import AWSWire
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// One row of `sfn_execution`.
struct ExecutionRecord: Sendable {
    var id: Int64
    var account: String
    var region: String
    var arn: String
    /// That of a child of a distributed Map state ends with the label of the map run.
    var machineArn: String
    var name: String
    var revision: Int64
    var versionArn: String?
    var aliasArn: String?
    /// `RUNNING` or how it has ended.
    var status = ExecutionRecord.running
    var startMs: Int64
    var stopMs: Int64?
    var input: String
    var output: String?
    var error: String?
    var cause: String?
    var redriveCount = 0
    var redriveMs: Int64?
    /// Of a child of a distributed Map state.
    var mapRun: Int64?
    /// The Map state.
    var mapState: String?
    var item: Int?
    var itemCount: Int?
    /// Where it begins when that is not `StartAt`: `{"state", "input", "variables"}`.
    var startAt: String?
    var traceHeader: String?
    var mockCase: String?

    static let running = "RUNNING"
    var isRunning: Bool { status == Self.running }

    /// - Returns: false when there is one of that ARN already.
    func insert(_ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO sfn_execution (id, account, region, arn, machine_arn, name, revision, version_arn, alias_arn,
                status, start_ms, stop_ms, input, output, error, cause, map_run, map_state, item, item_count, start_at,
                trace_header, mock_case)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO NOTHING
            """, id, account, region, arn, machineArn, name, revision, versionArn, aliasArn, status, startMs, stopMs,
            input, output, error, cause, mapRun, mapState, item, itemCount, startAt, traceHeader, mockCase) > 0
    }

    /// After an end or a redrive.
    func update(_ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE sfn_execution SET status = ?, stop_ms = ?, output = ?, error = ?, cause = ?, redrive_count = ?,
                redrive_ms = ? WHERE id = ?
            """, status, stopMs, output, error, cause, redriveCount, redriveMs, id)
    }

    mutating func close(_ end: ExecutionEnd, _ nowMs: Int64) {
        status = end.status.rawValue
        stopMs = nowMs
        output = end.output?.text
        error = end.error
        cause = end.cause
    }
}

extension ExecutionRecord {
    init(_ row: Row) {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        arn = row["arn"]
        machineArn = row["machine_arn"]
        name = row["name"]
        revision = row["revision"]
        versionArn = row["version_arn"]
        aliasArn = row["alias_arn"]
        status = row["status"]
        startMs = row["start_ms"]
        stopMs = row["stop_ms"]
        input = row["input"]
        output = row["output"]
        error = row["error"]
        cause = row["cause"]
        redriveCount = row["redrive_count"]
        redriveMs = row["redrive_ms"]
        mapRun = row["map_run"]
        mapState = row["map_state"]
        item = row["item"]
        itemCount = row["item_count"]
        startAt = row["start_at"]
        traceHeader = row["trace_header"]
        mockCase = row["mock_case"]
    }

    static func find(_ id: Int64, _ db: Database) throws -> ExecutionRecord? {
        try db.row("SELECT * FROM sfn_execution WHERE id = ?", id).map(ExecutionRecord.init)
    }

    static func find(arn: String, _ db: Database) throws -> ExecutionRecord? {
        try db.row("SELECT * FROM sfn_execution WHERE arn = ?", arn).map(ExecutionRecord.init)
    }

    /// Errors: InvalidArn, ExecutionDoesNotExist.
    static func existing(_ arn: String, _ db: Database) throws -> ExecutionRecord {
        _ = try StatesARN.parts(arn, type: "execution")
        guard let record = try find(arn: arn, db) else { throw StepFunctionsError.executionDoesNotExist(arn) }
        return record
    }

    /// What the state machine is called in the context object.
    var machineName: String {
        guard let colon = machineArn.utf8.lastIndex(of: UInt8(ascii: ":")) else { return machineArn }
        return String(machineArn[machineArn.utf8.index(after: colon)...])
    }

    /// What does not change while it runs.
    /// - Parameter value: the input, when it has been parsed already.
    func facts(
        _ definition: Definition, roleArn: String, value: JSON? = nil, isExpress: Bool
    ) -> ExecutionFacts {
        var graph = definition.graph
        if let mapState, let fields = graph.map(named: mapState) { graph = fields.processor }
        let start = startAt.flatMap { try? JSON.parse($0) }
        if let state = start?["state"]?.string { graph = StateGraph(startAt: state, states: graph.states) }
        let value = value ?? (try? JSON.parse(input)) ?? .null
        var facts = ExecutionFacts(
            arn: arn, name: name, machineArn: machineArn, machineName: machineName, roleArn: roleArn, region: region,
            startMs: startMs, input: Payload(value, text: input), graph: graph,
            timeoutSeconds: mapRun == nil ? definition.timeoutSeconds : nil, isExpress: isExpress,
            countsAttempts: mockCase != nil)
        facts.firstInput = start?["input"]
        for (name, value) in start?["variables"]?.object?.members ?? [] { facts.variables[name] = value }
        return facts
    }

}
