import BatonCore
import BatonStore
import GRDB
import JSON

/// `Batch Job State Change` events on the default event bus: what DescribeJobs shows, whenever the state changes.
/// Source: User Guide, "Batch job state change events".
enum JobEvents {
    /// A job that has just been submitted: it was SUBMITTED before it was anything else.
    static func submitted(_ job: JobRecord, _ transaction: Transaction, _ batch: Batch) throws {
        var before = job
        before.status = .submitted
        try publish(before, transaction, batch)
        try publish(job, transaction, batch)
    }

    static func note(_ job: JobRecord, was: JobStatus, _ transaction: Transaction, _ batch: Batch) throws {
        if job.status != was { try publish(job, transaction, batch) }
    }

    static func isListening(_ job: JobRecord, _ batch: Batch) -> Bool {
        guard let host = batch.host, let publisher = host.publisher else { return false }
        return publisher.isListening(host.context(account: job.account, region: job.region))
    }

    private static func publish(_ job: JobRecord, _ transaction: Transaction, _ batch: Batch) throws {
        guard let host = batch.host, host.publisher != nil else { return }
        let context = host.context(account: job.account, region: job.region)
        try context.publish([event(job, transaction, batch)], transaction)
    }

    private static func event(_ job: JobRecord, _ transaction: Transaction, _ batch: Batch) throws -> ServiceEvent {
        let spec = try batch.specs.spec(job, transaction.db)
        return ServiceEvent(
            source: "aws.batch", detailType: "Batch Job State Change", resources: [job.arn],
            detail: try JobDetail.json(job, spec, tags: nil, transaction.db))
    }
}
