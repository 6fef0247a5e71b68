import AWSWire
import BatonCore
import JSON

/// The URLs of the caller's queues by name, up to 1,000; in pages when `MaxResults` (1–1000) is given.
/// Source: SQS API reference, ListQueues.
enum ListQueues: ReadOperation {
    struct Input: Decodable, Sendable {
        let queueNamePrefix: String?
        let nextToken: String?
        let maxResults: Int?
    }
    struct Output: Encodable, Sendable {
        let queueUrls: [String]?
        let nextToken: String?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let keys = context.sqs.queues.all.map(\.key).filter { key in
            key.account == context.account && key.region == context.region
                && key.name.hasPrefix(input.queueNamePrefix ?? "")
        }
        let page = try QueuePage(keys, after: input.nextToken, count: input.maxResults)
        return Output(
            queueUrls: page.keys.isEmpty ? nil : page.keys.map { $0.url(context) }, nextToken: page.nextToken)
    }
}

/// One page of queues in the order of their names. Without a count there is one page of up to 1,000 and no token.
struct QueuePage {
    let keys: [QueueKey]
    let nextToken: String?

    init(_ all: [QueueKey], after token: String?, count: Int?) throws(AWSError) {
        if let count, !Limits.listedQueues.contains(count) {
            throw SQSError.invalid("MaxResults", count, "MaxResults must be an integer between 1 and 1000.")
        }
        var rest = all.sorted { $0.name < $1.name }
        if let token {
            guard let last = PageToken.decode(token)?["name"]?.string else {
                throw SQSError.invalid("NextToken", token, "Invalid or expired next token.")
            }
            rest.removeAll { $0.name <= last }
        }
        keys = Array(rest.prefix(count ?? Limits.listedQueues.upperBound))
        guard count != nil, rest.count > keys.count, let last = keys.last else {
            nextToken = nil
            return
        }
        nextToken = PageToken.encode(["name": .string(last.name)])
    }
}
