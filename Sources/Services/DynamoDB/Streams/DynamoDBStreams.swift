public import BatonCore
public import BatonStore

/// Amazon DynamoDB Streams: the changes of items, in their order, for 24 hours. ``DynamoDB`` writes them together with
/// the items; this service reads.
public final class DynamoDBStreams: Service {
    public static let id = "dynamodbstreams"
    public static let operations: [any Operation.Type] = [
        DescribeStream.self, GetRecords.self, GetShardIterator.self, ListStreams.self,
    ]
    public static let migrations: [Migration] = []

    public init() {}
}
