import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Reads a stream through its API and keeps its place in a row.
struct StreamReader: Sendable {
    let mapping: Mapping
    let context: Context

    static let nothingYet = "No records processed"
    private static let service = "dynamodbstreams"

    /// The iterator with which a new mapping begins.
    /// Errors: InvalidParameterValueException.
    static func start(_ source: ARN, _ position: String, _ context: Context) async throws(AWSError) -> String {
        do {
            let described = try await context.call(
                service, "DescribeStream", ["StreamArn": .string(source.description)])
            let shards = described["StreamDescription"]?["Shards"]?.array ?? []
            let output = try await context.call(
                service, "GetShardIterator",
                [
                    "StreamArn": .string(source.description), "ShardId": shards.last?["ShardId"] ?? "",
                    "ShardIteratorType": .string(position),
                ])
            return output["ShardIterator"]?.string ?? ""
        } catch {
            throw LambdaError.invalid("Stream not found: \(source)")
        }
    }

    static func keep(_ iterator: String, _ result: String, _ uuid: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO lambda_stream_position (mapping, iterator, result) VALUES (?, ?, ?)", uuid,
            iterator, result)
    }

    func place() async throws(AWSError) -> String {
        let kept = try context.read { db in
            try db.row("SELECT iterator FROM lambda_stream_position WHERE mapping = ?", mapping.uuid)
        }
        if let iterator = kept?["iterator"] as String? { return iterator }
        return try await Self.start(mapping.sourceArn, "TRIM_HORIZON", context)
    }

    /// - Returns: nothing to go on with when the stream has ended.
    func read(_ iterator: String, _ limit: Int) async throws(AWSError) -> (records: [JSON], next: String?) {
        do {
            let output = try await context.call(
                Self.service, "GetRecords", ["ShardIterator": .string(iterator), "Limit": .number(min(limit, 1000))])
            return (output["Records"]?.array ?? [], output["NextShardIterator"]?.string)
        } catch {
            guard error.code == "TrimmedDataAccessException" else { throw error }
            return ([], try await Self.start(mapping.sourceArn, "TRIM_HORIZON", context))
        }
    }

    func commit(_ iterator: String, _ result: String) async throws(AWSError) {
        try await context.write { [uuid = mapping.uuid] transaction in
            // Whoever deleted the mapping meanwhile has taken its place away.
            guard try Mapping.read(uuid, transaction.db) != nil else { return }
            try Self.keep(iterator, result, uuid, transaction)
        }
    }

    var bell: String { "stream \(mapping.sourceArn)" }
}
