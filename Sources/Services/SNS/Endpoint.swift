import AWSWire

/// What may be subscribed to a topic, and whether it must confirm first.
///
/// Queues, functions and HTTP endpoints get messages. The other protocols are taken, stored and shown as AWS does;
/// Baton delivers nothing to them.
enum Endpoint {
    private static let transports: Set<String> = [
        "http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose",
    ]

    static func needsConfirmation(_ transport: String) -> Bool {
        ["http", "https", "email", "email-json"].contains(transport)
    }

    static func check(_ endpoint: String, transport: String, topic: Topic) throws(AWSError) {
        guard transports.contains(transport) else {
            throw SNSError.invalidParameter("Amazon SNS does not support this protocol string: \(transport)")
        }
        // Assumed: the text.
        guard !topic.isFifo || transport == "sqs" else {
            throw SNSError.invalidParameter("Protocol Reason: FIFO topics do not support the protocol \(transport)")
        }
        switch transport {
        case "http", "https":
            guard endpoint.hasPrefix("\(transport)://"), endpoint.utf8.count > transport.utf8.count + 3 else {
                throw SNSError.invalidParameter("Endpoint must match the specified protocol")
            }
        case "email", "email-json":
            guard endpoint.dropFirst().dropLast().contains("@") else {
                throw SNSError.invalidParameter("Email address")
            }
        case "sms":
            guard isPhoneNumber(endpoint) else {
                throw AWSError("InvalidParameter", "Invalid SMS endpoint: \(endpoint)")
            }
        case "sqs": try checkQueue(endpoint, isFifoTopic: topic.isFifo)
        case "lambda":
            guard let arn = ARN(endpoint), arn.service == "lambda", arn.resource.hasPrefix("function:") else {
                throw SNSError.invalidParameter("Lambda endpoint ARN")
            }
        case "firehose":
            guard ARN(endpoint)?.service == "firehose" else { throw SNSError.invalidParameter("Firehose endpoint ARN") }
        default:
            guard ARN(endpoint)?.service == "sns" else {
                throw SNSError.invalidParameter("Application endpoint ARN")
            }
        }
    }

    private static func checkQueue(_ endpoint: String, isFifoTopic: Bool) throws(AWSError) {
        guard let arn = ARN(endpoint), arn.service == "sqs" else { throw SNSError.invalidParameter("SQS endpoint ARN") }
        guard isFifoTopic || !arn.resource.hasSuffix(".fifo") else {
            // AWS says it twice.
            throw SNSError.invalidParameter(
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
        }
    }

    /// A plus, then digits with single separators: AWS takes `+15/55-123.4567`.
    static func isPhoneNumber(_ text: String) -> Bool {
        let digits = text.filter(\.isWholeNumber).count
        guard text.first == "+", (5...20).contains(digits), text.last?.isWholeNumber ?? false else { return false }
        return !zip(text.dropFirst(), text.dropFirst(2)).contains { !$0.isWholeNumber && !$1.isWholeNumber }
            && text.dropFirst().allSatisfy { $0.isWholeNumber || "-./ ()".contains($0) }
    }
}
