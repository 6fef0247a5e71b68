import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Ends a job in whatever state: what runs gets SIGTERM and after 30 s SIGKILL, what waits is cancelled. It fails with
/// the reason given, and is not retried.
/// Errors: ClientException. Source: Batch API reference, TerminateJob.
enum TerminateJob: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable {
        let jobId: String
        let reason: String
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try StopJob.prepare(input.jobId, .terminate(reason: input.reason), context)
    }
}
