import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists the jobs of a queue, the children of an array or the nodes of a multi-node job: those in one state (RUNNING by
/// default), or those that filters match, newest first.
/// Errors: ClientException. Source: Batch API reference, ListJobs.
enum ListJobs: Operation {
    struct Input: Decodable, Sendable {
        let jobQueue: String?
        let arrayJobId: String?
        let multiNodeJobId: String?
        let jobStatus: String?
        let maxResults: Int?
        let nextToken: String?
        let filters: [JSON]?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let places = [input.jobQueue, input.arrayJobId, input.multiNodeJobId].compactMap { $0 }
        guard places.count == 1 else {
            throw BatchError.executing(
                "Exactly one of jobQueue, arrayJobId, multiNodeJobId must be specified", context)
        }
        let filter = try JobFilter(input, context)
        let place = try Page.after(input.nextToken)?["seq"]?.int
        let size = Page.size(input.maxResults)
        let batch = context.service(Batch.self)
        let (jobs, isMore) = try context.read { db -> ([JSON], Int64?) in
            let rows = try filter.rows(input, context, db, after: place, limit: size + 1)
            let last = rows.count > size ? rows[size - 1]["seq"] as Int64? : nil
            return (try rows.prefix(size).map { try JobSummary.json($0, batch, db) }, last)
        }
        return JSON.members([
            ("jobSummaryList", .array(jobs)),
            ("nextToken", isMore.map { .string(PageToken.encode(["seq": .number(Int($0))])) }),
        ])
    }
}
