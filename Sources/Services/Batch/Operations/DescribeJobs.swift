import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows up to 100 jobs; ids that nobody knows (any more) are left out.
/// Errors: ClientException. Source: Batch API reference, DescribeJobs.
enum DescribeJobs: Operation {
    struct Input: Decodable, Sendable { let jobs: [String] }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        guard input.jobs.count <= Limits.describedJobs else {
            throw BatchError.executing("Maximum number of jobs supported is  100 .", context)
        }
        let batch = context.service(Batch.self)
        let jobs = try context.read { db in
            try input.jobs.compactMap { id -> JSON? in
                let row = try db.row(
                    "SELECT * FROM batch_job WHERE id = ? AND account = ? AND region = ?", ResourceKind.job.name(id),
                    context.account, context.region)
                return try row.map { try JobDetail.json($0, batch, db) }
            }
        }
        return ["jobs": .array(jobs)]
    }
}
