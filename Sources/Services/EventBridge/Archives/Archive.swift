import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Keeps events of a bus, to send them again later.
struct Archive: Named {
    static let table = "events_archive"

    let account: String
    let region: String
    let name: String
    let eventSourceArn: String
    var description: String?
    var eventPattern: String?
    /// 0 keeps events for ever.
    var retentionDays: Int
    var kmsKeyIdentifier: String?
    let createdMs: Int64

    var arn: String {
        ARN(service: "events", region: region, account: account, resource: "archive/\(name)").description
    }

    /// The bus.
    var key: BusKey? {
        guard let arn = ARN(eventSourceArn), arn.resource.hasPrefix("event-bus/") else { return nil }
        return BusKey(account: arn.account, region: arn.region, name: String(arn.resource.dropFirst(10)))
    }

    /// - Throws: ResourceNotFoundException.
    static func require(_ name: String, _ context: Context, _ db: Database) throws -> Archive {
        guard let archive = try find(name, context, db) else {
            throw EventsError.notFound("Archive \(name) does not exist.")
        }
        return archive
    }

    func check() throws(AWSError) {
        guard let text = eventPattern else { return }
        do {
            _ = try EventPattern(text)
        } catch {
            throw EventsError.pattern(error, text)
        }
    }

    /// What the changing operations answer.
    var changed: JSON {
        ["ArchiveArn": .string(arn), "State": "ENABLED", "CreationTime": .time(createdMs)]
    }

    func listed(_ db: Database) throws -> JSON {
        let counted = try db.row(
            "SELECT count(*) AS n, coalesce(sum(length(event)), 0) AS bytes FROM events_archived WHERE archive = ?", arn
        )
        return [
            "ArchiveName": .string(name), "EventSourceArn": .string(eventSourceArn), "State": "ENABLED",
            "RetentionDays": .number(retentionDays), "SizeBytes": .number(counted?["bytes"] as Int? ?? 0),
            "EventCount": .number(counted?["n"] as Int? ?? 0), "CreationTime": .time(createdMs),
        ]
    }

    func keep(_ event: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO events_archived (archive, at_ms, event) VALUES (?, ?, ?)", arn, transaction.nowMs, event)
        guard retentionDays > 0 else { return }
        try transaction.execute(
            "DELETE FROM events_archived WHERE archive = ? AND at_ms < ?", arn,
            transaction.nowMs - Int64(retentionDays) * 86_400_000)
    }
}
