import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists the jobs that need a consumable resource, newest first.
/// Errors: ClientException. Source: Batch API reference, ListJobsByConsumableResource.
enum ListJobsByConsumableResource: Operation {
    struct Input: Decodable, Sendable {
        let consumableResource: String
        let filters: [JSON]?
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let place = try Page.after(input.nextToken)?["seq"]?.int ?? Int.max
        let size = Page.size(input.maxResults)
        let batch = context.service(Batch.self)
        let (jobs, last) = try context.read { db -> ([JSON], Int64?) in
            guard
                let record = try ConsumableRecord.find(
                    input.consumableResource, account: context.account, region: context.region, db)
            else { throw BatchError.missing(input.consumableResource) }
            let rows = try db.rows(
                """
                SELECT * FROM batch_job WHERE account = ? AND region = ? AND parent IS NULL AND needs IS NOT NULL
                    AND json_extract(needs, ?) IS NOT NULL AND seq < ? ORDER BY seq DESC
                """, context.account, context.region, "$.\"\(record.id)\"", place
            ).map(JobRecord.init).filter { matches($0, input.filters ?? []) }
            let shown = try rows.prefix(size).map { try json($0, record, batch, db) }
            return (shown, rows.count > size ? rows[size - 1].seq : nil)
        }
        return JSON.members([
            ("jobs", .array(jobs)),
            ("nextToken", last.map { .string(PageToken.encode(["seq": .number(Int($0))])) }),
        ])
    }

    private static func matches(_ job: JobRecord, _ filters: [JSON]) -> Bool {
        filters.allSatisfy { filter in
            let text = filter["name"]?.string == "JOB_STATUS" ? job.status.name : job.name
            return (filter["values"]?.array ?? []).contains {
                RetryStrategy.matches(text, pattern: $0.string ?? "")
            }
        }
    }

    private static func json(
        _ job: JobRecord, _ resource: ConsumableRecord, _ batch: Batch, _ db: Database
    ) throws -> JSON {
        let spec = try batch.specs.spec(job, db)
        return JSON.members([
            ("jobArn", .string(job.arn)), ("jobQueueArn", spec.json["jobQueue"] ?? ""), ("jobName", .string(job.name)),
            (
                "jobDefinitionArn",
                .string(ResourceKind.definition.arn(job.definition, account: job.account, region: job.region))
            ), ("shareIdentifier", job.share.map(JSON.string)), ("jobStatus", .string(job.status.name)),
            ("quantity", .number(job.needs.consumables[resource.id] ?? 0)),
            ("statusReason", job.reason.map(JSON.string)), ("startedAt", job.startedMs.map { .number(Int($0)) }),
            ("createdAt", .number(Int(job.createdMs))),
            ("consumableResourceProperties", spec.json["consumableResourceProperties"] ?? [:]),
        ])
    }
}
