import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB

/// Where to begin to read a shard. Errors: ResourceNotFoundException, TrimmedDataAccessException, ValidationException.
/// Source: API reference, GetShardIterator.
enum GetShardIterator: Operation {
    struct Input: Decodable, Sendable {
        let streamArn: String
        let shardId: String
        let shardIteratorType: String
        let sequenceNumber: String?
    }

    struct Output: Encodable, Sendable { let shardIterator: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let after: Int64 = try context.read { db in
            guard let stream = try StreamRows.find(input.streamArn, context.nowMs, db) else {
                throw AWSError.streamNotFound(input.streamArn)
            }
            guard stream.shardId == input.shardId else {
                throw AWSError(
                    "ResourceNotFoundException",
                    "Requested resource not found: Shard does not exist: \(input.shardId)")
            }
            switch input.shardIteratorType {
            case "TRIM_HORIZON": return stream.trimmed
            case "LATEST":
                let last = try db.row(
                    "SELECT max(sequence) AS last FROM ddb_stream_records WHERE stream_id = ?", stream.id)
                return last?["last"] as Int64? ?? stream.trimmed
            default: return try place(input, stream)
            }
        }
        let iterator = ShardIterator(streamArn: input.streamArn, after: after, issuedMs: context.nowMs)
        return Output(shardIterator: iterator.text)
    }

    private static func place(_ input: Input, _ stream: TableStream) throws(AWSError) -> Int64 {
        guard let text = input.sequenceNumber else {
            throw .validation(
                "ShardIteratorType is \(input.shardIteratorType) but SequenceNumber is not set")
        }
        guard let sequence = TableStream.sequence(text) else {
            throw .validation("Invalid SequenceNumber: \(text)")
        }
        let after = input.shardIteratorType == "AT_SEQUENCE_NUMBER" ? sequence - 1 : sequence
        guard after >= stream.trimmed || sequence == 0 else { throw .trimmed }
        return max(after, stream.trimmed)
    }
}
