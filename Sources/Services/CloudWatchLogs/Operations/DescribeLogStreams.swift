import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists the streams of a group by name or by the time of their last event, at most 50 at a time.
/// Errors: ResourceNotFoundException, InvalidParameterException.
/// Source: CloudWatch Logs API reference, DescribeLogStreams.
enum DescribeLogStreams: Operation {
    struct Input: Decodable, Sendable {
        let logGroupName: String?
        let logGroupIdentifier: String?
        let logStreamNamePrefix: String?
        let orderBy: String?
        let descending: Bool?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        struct Stream: Encodable, Sendable {
            let logStreamName: String
            let creationTime: Int64
            let firstEventTimestamp: Int64?
            let lastEventTimestamp: Int64?
            let lastIngestionTime: Int64?
            let uploadSequenceToken: String?
            let arn: String
            /// AWS has shown 0 here since 2019.
            let storedBytes = 0

            init(_ stream: LogStream, _ group: LogGroup) {
                logStreamName = stream.name
                creationTime = stream.createdMs
                firstEventTimestamp = stream.firstMs
                lastEventTimestamp = stream.lastMs
                lastIngestionTime = stream.ingestedMs
                uploadSequenceToken = stream.puts > 0 ? PutLogEvents.sequenceToken(stream.id, stream.puts) : nil
                arn = "\(group.arn):log-stream:\(stream.name)"
            }
        }
        let logStreams: [Stream]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try GroupReference(
            name: input.logGroupName, identifier: input.logGroupIdentifier, context)
        let isByTime = input.orderBy == "LastEventTime"
        guard !isByTime || input.logStreamNamePrefix == nil else {
            throw LogsError.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        var skipped = 0
        if let token = input.nextToken {
            guard let count = PageToken.decode(token)?["skip"]?.int, count >= 0 else { throw LogsError.badToken }
            skipped = count
        }
        let limit = input.limit ?? 50
        let prefix = input.logStreamNamePrefix ?? ""
        let order = (isByTime ? "coalesce(last_ms, created_ms)" : "name") + (input.descending == true ? " DESC" : "")
        return try context.read { db in
            let group = try db.logGroup(reference)
            let streams = try db.rows(
                """
                SELECT * FROM logs_stream WHERE group_id = ? AND substr(name, 1, length(?)) = ?
                ORDER BY \(order), id LIMIT ? OFFSET ?
                """, group.id, prefix, prefix, limit + 1, skipped
            ).map(LogStream.init)
            return Output(
                logStreams: streams.prefix(limit).map { Output.Stream($0, group) },
                nextToken: streams.count > limit ? PageToken.encode(["skip": .number(skipped + limit)]) : nil)
        }
    }
}
