import Foundation
public import GRDB
import GRDBSQLite
import Synchronization

/// All state of one Baton: an SQLite database in write-ahead mode under a data folder.
///
/// One connection writes. Closures that wait at the same moment share one transaction and one commit
/// (`synchronous=FULL`); each has its own savepoint, so that one that throws rolls back alone. Readers see the last
/// commit. When ``write(_:)`` returns, its change is on disk.
public final class Store: Sendable {
    public enum Place: Sendable {
        /// The data folder; made when absent. Holds `baton.db`, a lock file and the folders of services.
        case folder(String)
        case memory
    }

    public let clock: any Clock
    /// The data folder; empty for a store in memory.
    public let folder: String
    private let path: String
    private let writer: DatabaseQueue
    private let statements = PreparedStatements()
    private let lock: FolderLock?
    private let pending: Mutex<Pending>
    private let readers = Mutex<[Reader]>([])
    private let stopping: @Sendable (StoreError) -> Void
    /// Timers and outbox.
    public let bells = Bells()
    public let due: DueRows
    private let counters = Mutex(Counters())

    /// What the store has done since it was opened.
    public struct Counters: Sendable {
        public var commits = 0
        public var closures = 0
    }

    private struct Pending {
        var jobs: [WriteJob] = []
        var isDraining = false
        var failure: StoreError?
    }

    /// - Parameters:
    ///   - migrations: of all services, in order.
    ///   - stopping: called once when a commit has failed and the process must end.
    /// - Throws: ``StoreError``, whose description says what to do.
    public init(
        _ place: Place, clock: any Clock, migrations: [Migration] = [],
        stopping: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) throws {
        _ = Self.ownsFiles
        self.clock = clock
        self.stopping = stopping
        due = DueRows(clock: clock)
        pending = Mutex(Pending())
        switch place {
        case .memory:
            folder = ""
            path = ":memory:"
            lock = nil
            writer = try DatabaseQueue(configuration: Self.configuration)
        case .folder(let folder):
            self.folder = folder
            path = folder + "/baton.db"
            lock = try FolderLock(folder: folder)
            do {
                writer = try DatabaseQueue(path: path, configuration: Self.configuration)
            } catch {
                throw StoreError.of(error, path: path) ?? .cannotOpen(path: path, detail: "\(error)")
            }
        }
        do {
            try writer.writeWithoutTransaction { db in
                if !self.folder.isEmpty { try Self.setDurable(db, path: path) }
                try Migration.apply([.store] + migrations, to: db, path: path)
            }
        } catch {
            throw StoreError.of(error, path: path) ?? error
        }
        due.attach(self)
    }

    /// One process has the data folder. So SQLite may lock each file once for all of its connections, and keep the index
    /// of the write-ahead log in its own memory: else every read costs two system calls for locks.
    private static let ownsFiles: Void = {
        if let files = sqlite3_vfs_find("unix-excl") { sqlite3_vfs_register(files, 1) }
    }()

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.observesSuspensionNotifications = false
        configuration.maximumReaderCount = 1
        return configuration
    }

    /// The WAL is checkpointed by this connection alone, after 4,000 pages (16 MB).
    private static func setDurable(_ db: Database, path: String) throws {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        try db.execute(sql: "PRAGMA cache_size = -16000")
        // The journals of savepoints else become files on a disk that may be full when the data folder's is not.
        try db.execute(sql: "PRAGMA temp_store = MEMORY")
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        let level = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        guard mode == "wal", level == 2 else {
            throw StoreError.cannotOpen(path: path, detail: "write-ahead log and full synchronisation are unavailable")
        }
    }

    // MARK: Writing

    /// Runs `body` in the next transaction and returns after its commit. Keep `body` small: SQL only.
    /// - Parameter needsSavepoint: false for a `body` that keeps itself whole: it runs a single statement, which SQLite
    ///   undoes by itself when it fails, or saves itself with ``Transaction/nested(_:)``.
    @discardableResult
    public func write<T: Sendable>(
        needsSavepoint: Bool = true, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await withUnsafeThrowingContinuation { continuation in
            submit(needsSavepoint: needsSavepoint, to: nil, body) { continuation.resume(with: $0) }
        }
    }

    /// ``write(needsSavepoint:_:)`` without a task: once the outcome is certain, `completion` gets it.
    /// - Parameter recipient: delivers the outcome; nil for the writer's thread, where `completion` must be short. After
    ///   the end of the store it is delivered at once, on the calling thread.
    public func submit<T: Sendable>(
        needsSavepoint: Bool = true, to recipient: (any Recipient)?,
        _ body: @escaping @Sendable (Transaction) throws -> T,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        enqueue(TypedWriteJob(needsSavepoint: needsSavepoint, recipient: recipient, body, completion))
    }

    private func enqueue(_ job: WriteJob) {
        let (starts, failure) = pending.withLock { pending -> (Bool, StoreError?) in
            if let failure = pending.failure { return (false, failure) }
            pending.jobs.append(job)
            defer { pending.isDraining = true }
            return (!pending.isDraining, nil)
        }
        if let failure {
            job.failure = failure
            return job.deliver()
        }
        if starts { writer.asyncWriteWithoutTransaction { [self] db in drain(db) } }
    }

    /// Commits all that waits, again and again, until nothing does.
    private func drain(_ db: Database) {
        while true {
            let jobs = pending.withLock { pending -> [WriteJob] in
                if pending.jobs.isEmpty { pending.isDraining = false }
                defer { pending.jobs = [] }
                return pending.jobs
            }
            guard !jobs.isEmpty else { return }
            commit(jobs, db)
        }
    }

    private func commit(_ jobs: [WriteJob], _ db: Database) {
        let transaction = Transaction(
            db: db, statements: statements, nowMs: clock.nowMs, bells: bells, due: due)
        do {
            try db.execute("BEGIN IMMEDIATE")
            for job in jobs {
                do {
                    // One alone needs no savepoint: the transaction is its own.
                    try transaction.nested(withSavepoint: job.needsSavepoint && jobs.count > 1) { try job.run($0) }
                } catch {
                    guard jobs.count > 1 else { return refuse(job, error, db) }
                    job.failure = StoreError.of(error, path: path) ?? error
                    guard db.isInsideTransaction else { throw error }
                }
            }
            try db.execute("COMMIT")
        } catch {
            let failure = rollBack(db, after: error)
            for job in jobs { job.failure = failure }
            return jobs.deliver()
        }
        counters.withLock {
            $0.commits += 1
            $0.closures += jobs.count
        }
        for hook in transaction.hooks { hook() }
        if let atMs = transaction.earliestDueMs { due.scheduled(atMs: atMs) }
        jobs.deliver()
    }

    /// What a lone closure threw ends its transaction.
    private func refuse(_ job: WriteJob, _ error: any Error, _ db: Database) {
        job.failure = StoreError.of(error, path: path) ?? error
        if db.isInsideTransaction {
            do {
                try db.execute("ROLLBACK")
            } catch {
                job.failure = rollBack(db, after: error)
            }
        }
        [job].deliver()
    }

    /// A full disk is certain: nothing was written. After any other failure the outcome is not known, so nothing more
    /// is accepted.
    private func rollBack(_ db: Database, after error: any Error) -> any Error {
        if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
        let failure = StoreError.of(error, path: path) ?? .failed(detail: "\(error)")
        if failure == .full { return failure }
        pending.withLock { $0.failure = failure }
        stopping(failure)
        return failure
    }

    // MARK: Reading

    /// Runs `body` on a snapshot of the last commit, on the calling thread: keep it short.
    public func read<T>(_ body: (Database) throws -> T) throws -> T {
        guard !folder.isEmpty else { return try writer.unsafeRead(body) }
        return try readOne { db in
            try db.execute("BEGIN DEFERRED")
            defer { _ = try? db.execute("COMMIT") }
            return try body(db)
        }
    }

    /// ``read(_:)`` for a single statement, which has a snapshot of its own.
    public func readOne<T>(_ body: (Database) throws -> T) throws -> T {
        try withReader { try ($0?.queue ?? writer).unsafeRead(body) }
    }

    /// - Parameter body: gets nil from a store in memory, which has one connection only.
    func withReader<T>(_ body: (Reader?) throws -> T) throws -> T {
        guard !folder.isEmpty else { return try body(nil) }
        let reader = try readers.withLock { $0.popLast() } ?? openReader()
        defer { readers.withLock { $0.append(reader) } }
        do {
            return try body(reader)
        } catch {
            guard let damage = StoreError.of(error, path: path), case .corrupt = damage else { throw error }
            throw damage
        }
    }

    private func openReader() throws -> Reader {
        var configuration = Self.configuration
        // A file opened for reading only could not share the lock of the writer's.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        return try Reader(DatabaseQueue(path: path, configuration: configuration))
    }

    // MARK: State

    /// What the store has done since it was opened.
    public var count: Counters { counters.withLock { $0 } }

    /// Ends the dispatcher, waits for what is being written and closes the database.
    public func close() async {
        await due.stop()
        _ = try? await write { _ in }
        pending.withLock { $0.failure = $0.failure ?? .closed }
        readers.withLock { readers in
            for reader in readers { _ = try? reader.close() }
            readers = []
        }
        closeWriter()
        lock?.release()
    }

    private func closeWriter() {
        writer.writeWithoutTransaction { _ in statements.removeAll() }
        _ = try? writer.close()
    }
}
