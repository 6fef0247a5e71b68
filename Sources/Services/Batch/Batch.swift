public import BatonCore
import BatonProcess
public import BatonStore
import Foundation
import GRDB
import JSON
import Synchronization

/// AWS Batch: jobs as real processes that outlive Baton.
public final class Batch: Service {
    public static let id = "batch"
    public static let operations: [any BatonCore.Operation.Type] = [
        CancelJob.self, CreateComputeEnvironment.self, CreateConsumableResource.self, CreateJobQueue.self,
        CreateQuotaShare.self, CreateSchedulingPolicy.self, CreateServiceEnvironment.self,
        DeleteComputeEnvironment.self, DeleteConsumableResource.self, DeleteJobQueue.self, DeleteQuotaShare.self,
        DeleteSchedulingPolicy.self, DeleteServiceEnvironment.self, DeregisterJobDefinition.self,
        DescribeComputeEnvironments.self, DescribeConsumableResource.self, DescribeJobDefinitions.self,
        DescribeJobQueues.self, DescribeJobs.self, DescribeQuotaShare.self, DescribeSchedulingPolicies.self,
        DescribeServiceEnvironments.self, DescribeServiceJob.self, GetJobQueueSnapshot.self,
        ListConsumableResources.self, ListJobs.self, ListJobsByConsumableResource.self, ListQuotaShares.self,
        ListSchedulingPolicies.self, ListServiceJobs.self, ListTagsForResource.self, RegisterJobDefinition.self,
        SubmitJob.self, SubmitServiceJob.self, TagResource.self, TerminateJob.self, TerminateServiceJob.self,
        UntagResource.self, UpdateComputeEnvironment.self, UpdateConsumableResource.self, UpdateJobQueue.self,
        UpdateQuotaShare.self, UpdateSchedulingPolicy.self, UpdateServiceEnvironment.self, UpdateServiceJob.self,
    ]
    public static let migrations = [Schema.migration]

    let specs = JobSpecs()
    let names = Names()
    let timeLimits = TimeLimits()
    let images = Images()
    let slurm = Slurm()
    let dispatcher: Dispatcher
    let runs: Runs
    /// The least time-out that may be asked for, s.
    var shortestTimeoutSeconds: Int { shortestTimeout.load(ordering: .relaxed) }
    private let shortestTimeout = Atomic(Limits.timeoutSeconds)
    private let machine: Needs?
    private let place = Mutex<(folder: String, isTemporary: Bool)>(("", false))
    private let running = Mutex<WeakHost>(WeakHost())

    private let tidying = Mutex<(any ClockTimer)?>(nil)

    private struct WeakHost: Sendable { weak var value: BatonCore.Host? }

    static let timeoutKind = "batch.timeout"
    static let timeLimitKind = "batch.timelimit"

    public convenience init() { self.init(engine: JobProcesses()) }

    /// - Parameter machine: what there is to book; nil: what the settings say, or this machine has.
    init(engine: any JobEngine, machine: Needs? = nil) {
        self.machine = machine
        dispatcher = Dispatcher(machine: machine ?? Needs())
        runs = Runs(engine)
    }

    /// Where the folders of jobs lie.
    var folder: String { place.withLock { $0.folder } }
    var host: BatonCore.Host? { running.withLock { $0.value } }

    // MARK: Starting and stopping

    public func start(_ host: BatonCore.Host) async throws {
        running.withLock { $0 = WeakHost(value: host) }
        let isTemporary = host.store.folder.isEmpty
        let folder = isTemporary ? Self.temporaryFolder() : host.store.folder + "/batch"
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        place.withLock { $0 = (root, isTemporary) }
        try FileManager.default.createDirectory(atPath: root + "/jobs", withIntermediateDirectories: true)
        let settings = Settings(folder: host.store.folder)
        images.configure(settings.images)
        shortestTimeout.store(settings.shortestTimeout, ordering: .relaxed)
        dispatcher.configure { $0.machine = machine ?? settings.machine }
        runs.start(self)
        slurm.start(host.clock)
        onDue(host)
        try host.store.read { try loadResources($0) }
        let jobs: [JobRecord] = try host.store.read { db in try waiting(db) }
        let orders: [Runs.Order] = try host.store.read { db in try underWay(db) }
        removeForgotten(keeping: Set(orders.compactMap(\.job.launch)))
        dispatcher.configure { schedule in
            var booked: Set<Int64> = []
            for order in orders where booked.insert(order.bookedBy).inserted {
                schedule.book(order.entry, environment: order.job.environmentId ?? 0, nowMs: host.clock.nowMs)
            }
            for job in jobs { schedule.add(job.entry) }
        }
        for order in orders { runs.attach(order, self, host) }
        dispatcher.start(self)
        tidy(host)
    }

    public func stop() async {
        tidying.withLock { $0?.cancel() }
        dispatcher.stop()
        runs.stop()
        slurm.stop()
        let (folder, isTemporary) = place.withLock { $0 }
        if isTemporary { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func temporaryFolder() -> String {
        var template = Array((NSTemporaryDirectory() + "/baton-batch-XXXXXX").utf8CString)
        return template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
                ?? NSTemporaryDirectory() + "/baton-batch"
        }
    }

    // MARK: What was there before

    private func waiting(_ db: Database) throws -> [JobRecord] {
        try db.rows("SELECT * FROM batch_job WHERE status = ? ORDER BY seq", JobStatus.runnable.rawValue)
            .map(JobRecord.init).filter { $0.kind != .node && $0.kind != .array }
    }

    private func underWay(_ db: Database) throws -> [Runs.Order] {
        let rows = try db.rows(
            "SELECT * FROM batch_job WHERE status < 5 AND status >= ? ORDER BY seq", JobStatus.starting.rawValue)
        return try rows.map(JobRecord.init).filter { $0.kind.runs && $0.launch != nil }.map { job in
            let owner = job.kind == .node ? try db.row("SELECT * FROM batch_job WHERE seq = ?", job.parent) : nil
            let booked = owner.map(JobRecord.init) ?? job
            return Runs.Order(job: job, spec: try specs.spec(job, db), bookedBy: booked.seq, entry: booked.entry)
        }
    }

    /// Folders whose jobs have ended.
    private func removeForgotten(keeping launches: Set<String>) {
        let root = folder + "/jobs"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] where !launches.contains(name) {
            try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }

    // MARK: Time

    private func onDue(_ host: BatonCore.Host) {
        host.onDue(Self.timeoutKind) { [unowned self] row, _ in
            .commit { transaction in
                guard let seq = Int64(row.payload) else { return }
                try JobLedger.run(transaction, self) { ledger in
                    guard let job = try ledger.record(seq), job.launch == row.key else { return }
                    ledger.tell(job.kind == .node ? job.root : seq, .timedOut)
                }
            }
        }
        host.onDue(Self.timeLimitKind) { [unowned self] row, _ in
            .commit { transaction in try TimeLimits.enforce(row, transaction, self) }
        }
    }

    /// Now and every hour. It follows the clock, but does not pull it.
    private func tidy(_ host: BatonCore.Host) {
        Task { [weak self, weak host] in
            guard let self, let host else { return }
            while let isMore = try? await host.store.write({ try self.removeHistory($0) }), isMore {}
        }
        let timer = host.clock.schedule(atMs: host.clock.nowMs + Limits.tidyMs, pullsTime: false) {
            [weak self, weak host] in
            if let self, let host { self.tidy(host) }
        }
        tidying.withLock { $0 = timer }
    }

    /// Jobs that ended long ago, a thousand at a time, and their children.
    /// - Returns: whether there may be more.
    private func removeHistory(_ transaction: Transaction) throws -> Bool {
        let rows = try transaction.rows(
            """
            SELECT seq FROM batch_job WHERE parent IS NULL AND stopped_ms IS NOT NULL AND stopped_ms < ?
            ORDER BY stopped_ms LIMIT 1000
            """, transaction.nowMs - Limits.historyMs)
        for row in rows {
            let seq: Int64 = row["seq"]
            try transaction.execute("DELETE FROM batch_job WHERE parent = ?", seq)
            try transaction.execute("DELETE FROM batch_job WHERE seq = ?", seq)
        }
        return rows.count == 1000
    }
}
