import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The first 100 RUNNABLE jobs of a queue in the order in which they would start, and what the queue's jobs use.
/// Errors: ClientException. Source: Batch API reference, GetJobQueueSnapshot.
enum GetJobQueueSnapshot: Operation {
    struct Input: Decodable, Sendable { let jobQueue: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let batch = context.service(Batch.self)
        let queue = try context.read { db in try QueueRecord.find(input.jobQueue, context, db) }
        guard let queue else { throw BatchError.missing(input.jobQueue) }
        let now = context.nowMs
        let (first, usage) = batch.dispatcher.look { schedule in
            (schedule.firstJobs(queue.id, 100, nowMs: now), schedule.usage(queue.id))
        }
        let jobs = try context.read { db in
            try first.compactMap { seq in
                try db.row("SELECT * FROM batch_job WHERE seq = ?", seq).map(JobRecord.init)
            }
        }
        let stamp = JSON.number(Int(now))
        func capacity(_ vcpus: Int) -> JSON {
            [["capacityUnit": "VCPU", "quantity": .number(Double(vcpus) / 1000)]]
        }
        var utilization: JSON = ["totalCapacityUsage": capacity(usage.total), "lastUpdatedAt": stamp]
        if queue.policy != nil {
            let shares = usage.shares.sorted { $0.value > $1.value }
            utilization["fairshareUtilization"] = [
                "activeShareCount": .number(shares.count),
                "topCapacityUtilization": .array(
                    shares.map { ["shareIdentifier": .string($0.key), "capacityUsage": capacity($0.value)] }),
            ]
        }
        return [
            "frontOfQueue": [
                "jobs": .array(
                    jobs.map { job in
                        [
                            "jobArn": .string(job.arn),
                            "earliestTimeAtPosition": .number(Int(job.runnableMs ?? job.createdMs)),
                        ]
                    }), "lastUpdatedAt": stamp,
            ], "queueUtilization": utilization,
        ]
    }
}
