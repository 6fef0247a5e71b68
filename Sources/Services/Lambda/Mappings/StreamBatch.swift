import AWSWire
import JSON

/// Some records of a shard in their order, on their way to a function.
struct StreamBatch: Sendable, Equatable {
    var records: [JSON]
    /// How often the first of them was part of a failure.
    var failures = 0

    /// What to do after an attempt.
    enum Next: Equatable {
        case done
        /// Once more, after a pause.
        case again(StreamBatch)
        /// Both halves, the first one first.
        case halves(StreamBatch, StreamBatch)
        case givenUp(StreamBatch)
    }

    static func sequence(_ record: JSON) -> String { record["dynamodb"]?["SequenceNumber"]?.string ?? "" }

    /// Groups records by their keys, so that those of one item stay together and in order.
    static func lanes(_ records: [JSON], _ count: Int) -> [StreamBatch] {
        guard count > 1 else { return [StreamBatch(records: records)] }
        var lanes = [[JSON]](repeating: [], count: count)
        for record in records {
            let key = record["dynamodb"]?["Keys"]?.text() ?? ""
            // The same lane for the same key in every process: Swift's own hashes differ between them.
            let hash = key.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            lanes[Int(hash % UInt32(count))].append(record)
        }
        return lanes.filter { !$0.isEmpty }.map { StreamBatch(records: $0) }
    }

    func pieces(of size: Int) -> [StreamBatch] {
        stride(from: 0, to: records.count, by: max(size, 1)).map { start in
            StreamBatch(records: Array(records[start..<min(start + size, records.count)]))
        }
    }

    /// The position of the first record that is not done; nil when all are.
    ///
    /// A report that cannot be read or names a record that is not there counts as failure of the whole batch (Developer
    /// Guide, "Configuring partial batch response with DynamoDB").
    func failed(_ result: InvocationResult, reportsFailures: Bool) -> Int? {
        guard result.functionError == nil else { return 0 }
        guard reportsFailures, !result.payload.isEmpty else { return nil }
        guard let answer = try? JSON.parse(result.payload) else { return 0 }
        guard let failures = answer["batchItemFailures"], !failures.isNull else { return nil }
        guard let failures = failures.array else { return 0 }
        let positions = Dictionary(records.enumerated().map { (Self.sequence($1), $0) }) { first, _ in first }
        var first: Int?
        for failure in failures {
            guard let id = failure["itemIdentifier"]?.string, let position = positions[id] else { return 0 }
            first = min(first ?? position, position)
        }
        return first
    }

    /// - Parameter failed: from ``failed(_:reportsFailures:)``.
    func next(failed: Int?, _ settings: StreamSettings) -> Next {
        guard let failed else { return .done }
        var rest = StreamBatch(records: Array(records.dropFirst(failed)), failures: failed == 0 ? failures : 0)
        // A split does not count as a retry.
        if settings.bisects, failed == 0, records.count > 1 {
            let middle = records.count / 2
            return .halves(
                StreamBatch(records: Array(records.prefix(middle)), failures: failures),
                StreamBatch(records: Array(records.dropFirst(middle)), failures: failures))
        }
        rest.failures += 1
        let isOver = settings.maximumRetryAttempts >= 0 && rest.failures > settings.maximumRetryAttempts
        return isOver ? .givenUp(rest) : .again(rest)
    }

    func event(_ source: ARN) -> JSON {
        [
            "Records": .array(
                records.map { record in
                    var record = record
                    record["eventSourceARN"] = .string(source.description)
                    return record
                })
        ]
    }

    /// What the destination is told (Developer Guide, "Retain discarded records for a DynamoDB event source").
    func message(
        _ condition: String, _ mapping: Mapping, shardId: String, requestId: String, result: InvocationResult?,
        nowMs: Int64
    ) -> JSON {
        func arrival(_ record: JSON?) -> JSON {
            guard case .number(let number) = record?["dynamodb"]?["ApproximateCreationDateTime"],
                let ms = AWSWire.Timestamp.milliseconds(number)
            else { return "" }
            return .string(AWSWire.Timestamp.iso8601(ms))
        }
        var message: JSON = [
            "requestContext": [
                "requestId": .string(requestId), "functionArn": .string(mapping.function.arn.description),
                "condition": .string(condition), "approximateInvokeCount": .number(failures),
            ]
        ]
        if let result {
            var context: JSON = ["statusCode": 200, "executedVersion": "$LATEST"]
            context["functionError"] = result.functionError.map { .string($0) }
            message["responseContext"] = context
        }
        message["version"] = "1.0"
        message["timestamp"] = .string(Times.iso(nowMs))
        message["DDBStreamBatchInfo"] = [
            "shardId": .string(shardId), "startSequenceNumber": .string(records.first.map(Self.sequence) ?? ""),
            "endSequenceNumber": .string(records.last.map(Self.sequence) ?? ""),
            "approximateArrivalOfFirstRecord": arrival(records.first),
            "approximateArrivalOfLastRecord": arrival(records.last), "batchSize": .number(records.count),
            "streamArn": .string(mapping.sourceArn.description),
        ]
        return message
    }
}
