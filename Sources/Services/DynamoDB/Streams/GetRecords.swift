import AWSWire
import BatonCore
import BatonStore
import Crypto
import DynamoDBExpressions
import GRDB
import JSON

/// The next records of a shard: up to 1,000 and 1 MB. There is no next iterator once a stream has ended and everything
/// was read.
///
/// Errors: ResourceNotFoundException, ExpiredIteratorException, TrimmedDataAccessException, ValidationException. Source:
/// API reference, GetRecords.
enum GetRecords: Operation {
    struct Input: Decodable, Sendable {
        let shardIterator: String
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let records: [JSON]
        let nextShardIterator: String?
    }

    static let maxRecords = 1000
    static let maxBytes = 1 << 20

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let iterator = try ShardIterator(input.shardIterator, context)
        let limit = input.limit ?? maxRecords
        guard limit <= maxRecords else {
            throw .constraint(String(limit), at: "limit", "Member must have value less than or equal to 1000")
        }
        let (stream, rows) = try context.read { db in
            guard let stream = try StreamRows.find(iterator.streamArn, context.nowMs, db) else {
                throw AWSError.streamNotFound(iterator.streamArn)
            }
            guard iterator.after >= stream.trimmed else { throw AWSError.trimmed }
            let rows = try db.rows(
                """
                SELECT * FROM ddb_stream_records WHERE stream_id = ? AND sequence > ? AND at_ms > ?
                ORDER BY sequence LIMIT ?
                """, stream.id, iterator.after, context.nowMs - StreamRows.retentionMs, limit)
            return (stream, rows)
        }
        var (records, bytes, after) = ([JSON](), 0, iterator.after)
        for row in rows {
            let stored = (try? JSON.parse(row["record"] as String)) ?? [:]
            bytes += stored["s"]?.int ?? 0
            guard records.isEmpty || bytes <= maxBytes else { break }
            after = row["sequence"]
            records.append(record(stored, after, row["at_ms"], stream))
        }
        let isOver = stream.disabledMs != nil && records.count == rows.count && rows.count < limit
        let next = ShardIterator(streamArn: iterator.streamArn, after: after, issuedMs: context.nowMs)
        return Output(records: records, nextShardIterator: isOver ? nil : next.text)
    }

    private static func record(_ stored: JSON, _ sequence: Int64, _ atMs: Int64, _ stream: TableStream) -> JSON {
        var change: JSON = [
            "ApproximateCreationDateTime": .number(Timestamp.number(atMs / 1000 * 1000)),
            "Keys": Item(stored: stored["k"] ?? [:]).tree,
        ]
        change["NewImage"] = stored["new"].map { Item(stored: $0).tree }
        change["OldImage"] = stored["old"].map { Item(stored: $0).tree }
        change["SequenceNumber"] = .string(TableStream.sequenceText(sequence))
        change["SizeBytes"] = stored["s"]
        change["StreamViewType"] = .string(stream.viewType)
        let digest = Insecure.MD5.hash(data: Array("\(stream.arn) \(sequence)".utf8))
        var record: JSON = [
            "eventID": .string(digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()),
            "eventName": stored["n"] ?? "", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": .string(stream.region), "dynamodb": change,
        ]
        // Tells what expired from what somebody removed.
        if stored["e"] != nil {
            record["userIdentity"] = ["PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"]
        }
        return record
    }
}
