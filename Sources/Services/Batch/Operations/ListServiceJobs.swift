import AWSWire
import BatonCore
import JSON

/// There are no service jobs here: they are left to AWS.
/// Source: Batch API reference, ListServiceJobs.
enum ListServiceJobs: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> JSON { ["jobSummaryList": []] }
}
