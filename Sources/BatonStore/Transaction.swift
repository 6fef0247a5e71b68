public import GRDB

/// What a write closure works with. It is valid only inside of the closure.
public final class Transaction {
    public let db: Database
    /// The time of this transaction: the same for all closures of one commit.
    public let nowMs: Int64
    private(set) var hooks: [@Sendable () -> Void] = []
    /// The earliest due row that was scheduled here, for the dispatcher.
    private(set) var earliestDueMs: Int64?

    let statements: PreparedStatements
    private let bells: Bells
    private let due: DueRows

    init(db: Database, statements: PreparedStatements, nowMs: Int64, bells: Bells, due: DueRows) {
        self.db = db
        self.statements = statements
        self.nowMs = nowMs
        self.bells = bells
        self.due = due
    }

    /// Runs a statement; the result is the number of changed rows. The prepared statement is kept.
    @discardableResult
    public func execute(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Int {
        try db.execute(sql, list: arguments)
    }

    public func row(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    public func rows(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> [Row] {
        try db.rows(sql, list: arguments)
    }

    /// Runs after the commit, on the writer's thread: wake somebody, no more. Dropped when this closure rolls back.
    /// What it does must be possible to rebuild from rows.
    public func afterCommit(_ body: @escaping @Sendable () -> Void) { hooks.append(body) }

    /// Rings a bell after the commit.
    public func ring(_ key: String) { afterCommit { [bells] in bells.ring(key) } }

    // MARK: Due rows

    /// Stores a due row: a durable timer, or, at the present time, an entry of the outbox. It is handled after the
    /// commit by the handler of its `kind`, at `atMs` or as soon after as possible, and again after a restart.
    /// - Parameters:
    ///   - key: what the row is about, to cancel it by; need not be unique.
    ///   - payload: what its handler needs, usually JSON text.
    @discardableResult
    public func schedule(
        _ kind: String, atMs: Int64, account: String = "", region: String = "", key: String = "", payload: String = ""
    ) throws -> Int64 {
        try db.execute(
            "INSERT INTO due (kind, at_ms, account, region, key, payload) VALUES (?, ?, ?, ?, ?, ?)",
            kind, atMs, account, region, key, payload)
        let id = db.lastInsertedRowID
        if due.pullsTime(kind) {
            earliestDueMs = min(earliestDueMs ?? atMs, atMs)
        } else {
            afterCommit { [due] in due.scheduled(atMs: atMs, pullsTime: false) }
        }
        return id
    }

    public func cancelDue(id: Int64) throws { try db.execute("DELETE FROM due WHERE id = ?", id) }

    public func cancelDue(kind: String, key: String) throws {
        try db.execute("DELETE FROM due WHERE kind = ? AND key = ?", kind, key)
    }

    // MARK: Savepoints

    /// Runs `body` so that, when it throws, what it did here is undone and only that.
    public func nested<T>(_ body: (Transaction) throws -> T) throws -> T { try nested(withSavepoint: true, body) }

    /// - Parameter withSavepoint: false for a `body` that throws only while the database is as it found it.
    func nested<T>(withSavepoint: Bool, _ body: (Transaction) throws -> T) throws -> T {
        let (keptHooks, keptDue) = (hooks.count, earliestDueMs)
        if withSavepoint { try db.execute("SAVEPOINT closure") }
        do {
            let result = try body(self)
            if withSavepoint { try db.execute("RELEASE closure") }
            return result
        } catch {
            hooks.removeLast(hooks.count - keptHooks)
            earliestDueMs = keptDue
            // SQLite ends the whole transaction by itself on a full disk; then there is no savepoint to return to.
            if withSavepoint, db.isInsideTransaction {
                try db.execute("ROLLBACK TO closure")
                try db.execute("RELEASE closure")
            }
            throw error
        }
    }
}
