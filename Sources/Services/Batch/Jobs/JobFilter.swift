import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Which jobs a list shows, as SQL. Patterns may end in `*`; letter case does not matter.
struct JobFilter: Sendable {
    private var conditions: [String] = []
    private var values: [any DatabaseValueConvertible & Sendable] = []

    init(_ input: ListJobs.Input, _ context: Context) throws(AWSError) {
        guard let filters = input.filters, !filters.isEmpty else {
            let status = JobStatus(name: input.jobStatus ?? "RUNNING") ?? .running
            conditions.append("status = ?")
            values.append(status.rawValue)
            return
        }
        guard filters.count == 1, let name = filters[0]["name"]?.string,
            let value = filters[0]["values"]?.array?.first?.string
        else { throw BatchError.executing("Exactly one filter with one value can be specified", context) }
        switch name {
        case "JOB_NAME": add("name", value)
        case "JOB_DEFINITION":
            let plain = ResourceKind.definition.name(value)
            add("definition", plain.contains(":") || plain.hasSuffix("*") ? plain : plain + ":*")
        case "SHARE_IDENTIFIER": add("share", value)
        case "BEFORE_CREATED_AT", "AFTER_CREATED_AT":
            guard let time = Int64(value) else {
                throw BatchError.executing("The filter \(name) takes a time in milliseconds", context)
            }
            conditions.append(name == "BEFORE_CREATED_AT" ? "created_ms < ?" : "created_ms > ?")
            values.append(time)
        default: throw BatchError.executing("Unknown filter \(name)", context)
        }
        // A state is looked at beside a filter for children only.
        if input.jobQueue == nil, let status = input.jobStatus.flatMap(JobStatus.init(name:)) {
            conditions.append("status = ?")
            values.append(status.rawValue)
        }
    }

    private mutating func add(_ column: String, _ pattern: String) {
        if pattern.hasSuffix("*") {
            let prefix = String(pattern.dropLast()).lowercased()
            conditions.append("substr(lower(\(column)), 1, ?) = ?")
            values += [prefix.count, prefix] as [any DatabaseValueConvertible & Sendable]
        } else {
            conditions.append("lower(\(column)) = ?")
            values.append(pattern.lowercased())
        }
    }

    func rows(
        _ input: ListJobs.Input, _ context: Context, _ db: Database, after place: Int?, limit: Int
    ) throws -> [Row] {
        var all: [(any DatabaseValueConvertible)?] = []
        let scope: String
        let isQueue = input.jobQueue != nil
        if let queue = input.jobQueue {
            guard let found = try QueueRecord.find(queue, context, db) else {
                throw BatchError.executing("JobQueue \(queue) not found", context)
            }
            scope = "queue_id = ? AND parent IS NULL"
            all.append(found.id)
        } else {
            let id = ResourceKind.job.name(input.arrayJobId ?? input.multiNodeJobId ?? "")
            scope = """
                parent = (SELECT seq FROM batch_job WHERE id = ? AND account = ? AND region = ?)
                """
            all += [id, context.account, context.region]
        }
        all += values.map { $0 as (any DatabaseValueConvertible)? }
        if let place { all.append(place) }
        all.append(limit)
        let next = place == nil ? "" : isQueue ? " AND seq < ?" : " AND seq > ?"
        return try db.rows(
            """
            SELECT * FROM batch_job WHERE \(scope) AND \(conditions.joined(separator: " AND "))\(next)
            ORDER BY seq \(isQueue ? "DESC" : "ASC") LIMIT ?
            """, list: all)
    }
}
