import AWSWire
import BatonCore
import DynamoDBExpressions
import JSON

/// A place in a stream: `<stream ARN>|1|<place>`. Those that clients hold live for 15 minutes.
struct ShardIterator {
    let streamArn: String
    /// The record behind which to read.
    let after: Int64
    let issuedMs: Int64

    static let lifeMs: Int64 = 900_000

    init(streamArn: String, after: Int64, issuedMs: Int64) {
        (self.streamArn, self.after, self.issuedMs) = (streamArn, after, issuedMs)
    }

    /// Errors: ValidationException, ExpiredIteratorException.
    init(_ text: String, _ context: Context) throws(AWSError) {
        guard let bar = text.lastIndex(of: "|"), let place = PageToken.decode(String(text[text.index(after: bar)...])),
            let after = place["after"]?.int, let issued = place["at"]?.int, text[..<bar].hasSuffix("|1")
        else { throw .validation("Invalid ShardIterator") }
        self.init(streamArn: String(text[..<bar].dropLast(2)), after: Int64(after), issuedMs: Int64(issued))
        // What polls for functions keeps its place over restarts.
        guard context.request == nil || issuedMs + Self.lifeMs > context.nowMs else {
            throw AWSError(
                "ExpiredIteratorException",
                "Iterator expired. The iterator was created more than 15 minutes ago and can no longer be used.")
        }
    }

    var text: String {
        let place: JSON = ["after": .number(JSON.Number(after)), "at": .number(JSON.Number(issuedMs))]
        return "\(streamArn)|1|\(PageToken.encode(place))"
    }
}

extension AWSError {
    static func streamNotFound(_ arn: String) -> AWSError {
        AWSError("ResourceNotFoundException", "Requested resource not found: Stream: \(arn) not found")
    }

    static let trimmed = AWSError(
        "TrimmedDataAccessException",
        "The requested sequence number is beyond the trim horizon: its record was removed after 24 hours.")
}
