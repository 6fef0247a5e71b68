import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One row of `logs_group`.
struct LogGroup: Sendable {
    let id: Int64
    let account: String
    let region: String
    let name: String
    let createdMs: Int64
    let retentionDays: Int?
    let kmsKey: String?
    let logClass: String
    let isProtected: Bool
    let tags: [String: String]
    let storedBytes: Int
    /// Only counted in lists of groups.
    let metricFilters: Int

    init(_ row: Row) throws {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        createdMs = row["created_ms"]
        retentionDays = row["retention_days"]
        kmsKey = row["kms_key"]
        logClass = row["class"]
        isProtected = row["is_protected"]
        tags = try JSON.parse(row["tags"] as String).decoded()
        storedBytes = row["stored_bytes"]
        metricFilters = row["filters"] ?? 0
    }

    var arn: ARN { ARN(service: "logs", region: region, account: account, resource: "log-group:\(name)") }

    /// Events before this are gone, ms.
    func expiredBeforeMs(_ nowMs: Int64) -> Int64 { retentionDays.map { nowMs - Int64($0) * 86_400_000 } ?? .min }
}

/// One row of `logs_stream`.
struct LogStream: Sendable {
    let id: Int64
    let name: String
    let createdMs: Int64
    let firstMs: Int64?
    let lastMs: Int64?
    let ingestedMs: Int64?
    let puts: Int

    init(_ row: Row) {
        id = row["id"]
        name = row["name"]
        createdMs = row["created_ms"]
        firstMs = row["first_ms"]
        lastMs = row["last_ms"]
        ingestedMs = row["ingested_ms"]
        puts = row["puts"]
    }
}

/// Which group a request means: its name, or, in newer members, its name or ARN.
struct GroupReference: Sendable {
    let account: String
    let region: String
    let name: String

    /// Errors: InvalidParameterException when neither or both are given.
    init(name: String?, identifier: String?, _ context: Context) throws(AWSError) {
        guard (name == nil) != (identifier == nil) else {
            throw LogsError.invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.")
        }
        if let identifier, let arn = ARN(identifier) {
            self.init(arn)
        } else {
            self.init(name ?? identifier ?? "", context)
        }
    }

    init(_ name: String, _ context: Context) {
        (account, region, self.name) = (context.account, context.region, name)
    }

    /// - Parameter arn: with or without `:*` at its end.
    init(_ arn: ARN) {
        var name = arn.resource
        if name.hasPrefix("log-group:") { name.removeFirst("log-group:".count) }
        if name.hasSuffix(":*") { name.removeLast(2) }
        (account, region, self.name) = (arn.account, arn.region, name)
    }
}

extension Database {
    /// Errors: ResourceNotFoundException.
    func logGroup(_ reference: GroupReference) throws -> LogGroup {
        let row = try row(
            "SELECT * FROM logs_group WHERE account = ? AND region = ? AND name = ?", reference.account,
            reference.region, reference.name)
        guard let row else { throw LogsError.groupNotFound }
        return try LogGroup(row)
    }

    /// Errors: ResourceNotFoundException.
    func logStream(_ name: String, _ group: LogGroup) throws -> LogStream {
        guard let row = try row("SELECT * FROM logs_stream WHERE group_id = ? AND name = ?", group.id, name) else {
            throw LogsError.streamNotFound
        }
        return LogStream(row)
    }
}
