import AWSWire
import BatonCore

/// The URLs of the queues whose RedrivePolicy names this queue; in pages when `MaxResults` (1–1000) is given.
/// Errors: QueueDoesNotExist. Source: SQS API reference, ListDeadLetterSourceQueues.
enum ListDeadLetterSourceQueues: ReadOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let nextToken: String?
        let maxResults: Int?
    }
    struct Output: Encodable, Sendable {
        let queueUrls: [String]
        let nextToken: String?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let queues = context.sqs.queues
        let sources = queues.sources(of: try queues.find(input.queueUrl, context)).map(\.key)
        let page = try QueuePage(sources, after: input.nextToken, count: input.maxResults)
        return Output(queueUrls: page.keys.map { $0.url(context) }, nextToken: page.nextToken)
    }
}

extension Queues {
    /// The queues for which this one is the dead-letter queue.
    func sources(of target: Queue) -> [Queue] { all.filter { $0.settings.redrive?.target == target.key } }
}
