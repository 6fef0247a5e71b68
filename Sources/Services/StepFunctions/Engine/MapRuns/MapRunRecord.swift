import AWSWire
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// The tables of map runs.
///
/// `sfn_map_run.phase`: see ``MapRunPhase``. `seed` is what templates of the Map state see, `outcome` what its state is
/// told in the end. `sfn_map_item` has one row for each child execution, `sfn_map_count` sums them up by status.
enum MapRunSchema {
    static let first = Migration(
        name: "stepfunctions-map-runs-1",
        sql: """
            CREATE TABLE sfn_map_run (
                id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
                region TEXT NOT NULL, execution INTEGER NOT NULL, thread INTEGER NOT NULL, epoch INTEGER NOT NULL,
                execution_arn TEXT NOT NULL, machine_arn TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
                label TEXT NOT NULL, is_express INTEGER NOT NULL, status TEXT NOT NULL, phase INTEGER NOT NULL,
                max_concurrency INTEGER NOT NULL, tolerated_count INTEGER NOT NULL, tolerated_percentage REAL NOT NULL,
                start_ms INTEGER NOT NULL, stop_ms INTEGER, redrive_count INTEGER NOT NULL DEFAULT 0,
                redrive_ms INTEGER, seed TEXT NOT NULL, outcome TEXT) STRICT;
            CREATE INDEX sfn_map_run_by_execution ON sfn_map_run (execution, id);
            CREATE INDEX sfn_map_run_by_phase ON sfn_map_run (id) WHERE phase < 5;
            CREATE TABLE sfn_map_item (
                run INTEGER NOT NULL, item INTEGER NOT NULL, status TEXT NOT NULL, execution INTEGER, name TEXT,
                items INTEGER NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT, start_ms INTEGER,
                stop_ms INTEGER, PRIMARY KEY (run, item)) STRICT, WITHOUT ROWID;
            CREATE INDEX sfn_map_item_pending ON sfn_map_item (run, item) WHERE status = 'PENDING';
            CREATE INDEX sfn_map_item_running ON sfn_map_item (run, item) WHERE status = 'RUNNING';
            CREATE TABLE sfn_map_count (
                run INTEGER NOT NULL, status TEXT NOT NULL, executions INTEGER NOT NULL, items INTEGER NOT NULL,
                PRIMARY KEY (run, status)) STRICT, WITHOUT ROWID;
            """)
}

enum MapRunPhase: Int, Sendable {
    /// Its items are not known yet.
    case reading = 0
    case running = 1
    /// All children have ended; the results are to be put together.
    case writing = 2
    /// Its children are to be stopped.
    case stopping = 3
    /// Its state is to be told.
    case telling = 4
    case over = 5
}

/// One row of `sfn_map_run`, without its seed.
struct MapRunRecord: Sendable {
    let id: Int64
    let arn: String
    let account: String
    let region: String
    let execution: Int64
    let thread: Int
    let epoch: Int
    let executionArn: String
    /// That of its children: with the label.
    let machineArn: String
    let revision: Int64
    let state: String
    let isExpress: Bool
    let status: String
    let phase: MapRunPhase
    let maxConcurrency: Int
    let toleratedCount: Int
    let toleratedPercentage: Double
    let startMs: Int64
    let stopMs: Int64?
    let redriveCount: Int
    let redriveMs: Int64?
    let outcome: String?

    private static let columns =
        "id, arn, account, region, execution, thread, epoch, execution_arn, machine_arn, revision, state, is_express, "
        + "status, phase, max_concurrency, tolerated_count, tolerated_percentage, start_ms, stop_ms, redrive_count, "
        + "redrive_ms, outcome"

    init(_ row: Row) {
        id = row["id"]
        arn = row["arn"]
        account = row["account"]
        region = row["region"]
        execution = row["execution"]
        thread = row["thread"]
        epoch = row["epoch"]
        executionArn = row["execution_arn"]
        machineArn = row["machine_arn"]
        revision = row["revision"]
        state = row["state"]
        isExpress = row["is_express"]
        status = row["status"]
        phase = MapRunPhase(rawValue: row["phase"]) ?? .over
        maxConcurrency = row["max_concurrency"]
        toleratedCount = row["tolerated_count"]
        toleratedPercentage = row["tolerated_percentage"]
        startMs = row["start_ms"]
        stopMs = row["stop_ms"]
        redriveCount = row["redrive_count"]
        redriveMs = row["redrive_ms"]
        outcome = row["outcome"]
    }

    static func find(_ id: Int64, _ db: Database) throws -> MapRunRecord? {
        try db.row("SELECT \(columns) FROM sfn_map_run WHERE id = ?", id).map(MapRunRecord.init)
    }

    static func find(arn: String, _ db: Database) throws -> MapRunRecord? {
        try db.row("SELECT \(columns) FROM sfn_map_run WHERE arn = ?", arn).map(MapRunRecord.init)
    }

    /// Of an execution, the newest first.
    static func all(of execution: Int64, before id: Int64, limit: Int, _ db: Database) throws -> [MapRunRecord] {
        try db.rows(
            "SELECT \(columns) FROM sfn_map_run WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?", execution, id,
            limit
        ).map(MapRunRecord.init)
    }

    /// Errors: InvalidArn, ResourceNotFound.
    static func existing(_ arn: String, _ db: Database) throws -> MapRunRecord {
        _ = try StatesARN.parts(arn, type: "mapRun")
        guard let record = try find(arn: arn, db) else { throw StepFunctionsError.resourceNotFound(arn) }
        return record
    }

    /// Whether more items have failed than are tolerated. Either limit, where it is set, decides alone.
    func isExceeded(_ counts: MapRunCounts) -> Bool {
        let failed = counts.items(.failed) + counts.items(.timedOut) + counts.items(.aborted)
        guard failed > 0 else { return false }
        if toleratedCount == 0, toleratedPercentage == 0 { return true }
        if toleratedCount > 0, failed > toleratedCount { return true }
        return toleratedPercentage > 0
            && Double(failed) * 100 > toleratedPercentage * Double(max(1, counts.totalItems))
    }
}

/// How many children of a map run are how far, and how many items they stand for.
struct MapRunCounts: Sendable {
    private(set) var executions: [String: Int] = [:]
    private(set) var items: [String: Int] = [:]

    init(_ run: Int64, _ db: Database) throws {
        for row in try db.rows("SELECT status, executions, items FROM sfn_map_count WHERE run = ?", run) {
            executions[row["status"]] = row["executions"]
            items[row["status"]] = row["items"]
        }
    }

    func executions(_ status: ChildStatus) -> Int { executions[status.rawValue] ?? 0 }
    func items(_ status: ChildStatus) -> Int { items[status.rawValue] ?? 0 }
    var totalItems: Int { items.values.reduce(0, +) }

    static func add(_ run: Int64, _ status: String, _ executions: Int, _ items: Int, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO sfn_map_count (run, status, executions, items) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET executions = executions + excluded.executions, items = items + excluded.items
            """, run, status, executions, items)
    }
}

enum ChildStatus: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case running = "RUNNING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case timedOut = "TIMED_OUT"
    case aborted = "ABORTED"
}

/// Changes of one row of `sfn_map_item`.
enum MapRunItem {
    /// Moves a child from whatever it was to `status`.
    static func move(_ run: Int64, _ item: Int, to status: String, _ tx: Transaction) throws {
        let row = try tx.row("SELECT status, items FROM sfn_map_item WHERE run = ? AND item = ?", run, item)
        guard let row, row["status"] != status else { return }
        let count: Int = row["items"]
        try tx.execute("UPDATE sfn_map_item SET status = ? WHERE run = ? AND item = ?", status, run, item)
        try MapRunCounts.add(run, row["status"], -1, -count, tx)
        try MapRunCounts.add(run, status, 1, count, tx)
    }

    /// The child's execution has ended.
    static func close(_ run: Int64, _ item: Int, _ end: ExecutionEnd, _ tx: Transaction) throws {
        try move(run, item, to: end.status.rawValue, tx)
        try tx.execute(
            "UPDATE sfn_map_item SET output = ?, error = ?, cause = ?, stop_ms = ? WHERE run = ? AND item = ?",
            end.output?.text, end.error, end.cause, tx.nowMs, run, item)
    }

    static func begin(
        _ run: Int64, _ item: Int, execution: Int64, name: String, _ tx: Transaction
    ) throws {
        try move(run, item, to: ChildStatus.running.rawValue, tx)
        try tx.execute(
            "UPDATE sfn_map_item SET execution = ?, name = ?, start_ms = ? WHERE run = ? AND item = ?", execution, name,
            tx.nowMs, run, item)
    }
}

/// A map run that a Map state asks for.
struct MapRunDraft: Sendable {
    let start: MapRunStart
    let thread: Int
    let record: ExecutionRecord

    init(_ start: MapRunStart, thread: Int, _ record: ExecutionRecord, _ revision: Revision) {
        self.start = start
        self.thread = thread
        self.record = record
    }

    func insert(_ execution: Int64, _ tx: Transaction) throws -> Int64 {
        let machine = record.machineArn.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
        let seed: JSON = [
            "items": start.items ?? .null, "input": start.input, "context": start.context,
            "variables": .object(JSON.Object(start.variables.map { ($0.key, $0.value) })),
        ]
        try tx.execute(
            """
            INSERT INTO sfn_map_run (arn, account, region, execution, thread, epoch, execution_arn, machine_arn, revision,
                state, label, is_express, status, phase, max_concurrency, tolerated_count, tolerated_percentage,
                start_ms, seed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', 0, ?, ?, ?, ?, ?)
            """, start.arn, record.account, record.region, execution, thread, start.epoch, record.arn,
            "\(machine)/\(start.label)", record.revision, start.state, start.label, start.isExpress,
            start.maxConcurrency, start.toleratedFailureCount, start.toleratedFailurePercentage, tx.nowMs, seed.text())
        return tx.db.lastInsertedRowID
    }
}

/// What a Map state's execution wants of its map run.
enum MapRunOrder: Sendable {
    case stop(arn: String)
    case redrive(arn: String)

    /// - Returns: the map run, when there is something to do.
    func commit(_ tx: Transaction) throws -> Int64? {
        switch self {
        case .stop(let arn):
            guard let run = try MapRunRecord.find(arn: arn, tx.db), run.phase.rawValue < MapRunPhase.telling.rawValue
            else { return nil }
            try tx.execute(
                "UPDATE sfn_map_run SET phase = ?, outcome = NULL WHERE id = ?", MapRunPhase.stopping.rawValue, run.id)
            return run.id
        case .redrive(let arn):
            guard let run = try MapRunRecord.find(arn: arn, tx.db) else { return nil }
            // What has not begun begins; what did not succeed begins again.
            let total = try MapRunCounts(run.id, tx.db).totalItems
            try tx.execute(
                """
                UPDATE sfn_map_run SET phase = ?, status = 'RUNNING', outcome = NULL, stop_ms = NULL,
                    redrive_count = redrive_count + 1, redrive_ms = ? WHERE id = ?
                """, total == 0 ? MapRunPhase.reading.rawValue : MapRunPhase.running.rawValue, tx.nowMs, run.id)
            let items = try tx.rows(
                "SELECT item FROM sfn_map_item WHERE run = ? AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED')", run.id)
            for item in items { try MapRunItem.move(run.id, item["item"], to: "PENDING", tx) }
            return run.id
        }
    }
}
