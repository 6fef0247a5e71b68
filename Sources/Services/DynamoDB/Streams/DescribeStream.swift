import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// One stream and its shard. Errors: ResourceNotFoundException. Source: API reference, DescribeStream.
enum DescribeStream: Operation {
    struct Input: Decodable, Sendable {
        let streamArn: String
        let exclusiveStartShardId: String?
        let shardFilter: JSON?
    }

    struct Output: Encodable, Sendable { let streamDescription: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (stream, last) = try context.read { db in
            guard let stream = try StreamRows.find(input.streamArn, context.nowMs, db) else {
                throw AWSError.streamNotFound(input.streamArn)
            }
            let last = try db.row(
                "SELECT max(sequence) AS last FROM ddb_stream_records WHERE stream_id = ?", stream.id)
            return (stream, last?["last"] as Int64? ?? stream.trimmed)
        }
        var range: JSON = ["StartingSequenceNumber": .string(TableStream.sequenceText(0))]
        if stream.disabledMs != nil { range["EndingSequenceNumber"] = .string(TableStream.sequenceText(last)) }
        let shard: JSON = ["ShardId": .string(stream.shardId), "SequenceNumberRange": range]
        let showsShard = input.exclusiveStartShardId != stream.shardId && input.shardFilter == nil
        return Output(
            streamDescription: [
                "StreamArn": .string(stream.arn), "StreamLabel": .string(stream.label),
                "StreamStatus": stream.disabledMs == nil ? "ENABLED" : "DISABLED",
                "StreamViewType": .string(stream.viewType),
                "CreationRequestDateTime": TableDescription.seconds(stream.createdMs),
                "TableName": .string(stream.tableName), "KeySchema": stream.keySchema,
                "Shards": showsShard ? [shard] : [],
            ])
    }
}
