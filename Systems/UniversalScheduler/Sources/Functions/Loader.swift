import AWSClient
import JSON
import LambdaRuntime
import Logging

/// Copies schedule documents from the bucket into the table, as they are.
struct Loader: Sendable {
    let settings: Settings
    let aws: AWSClient
    let logger: Logger

    /// Gets S3's event of created objects, returns the ids of the schedules. A document that is no schedule is logged
    /// and left; a table that refuses is worth another attempt.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var loaded: [JSON] = []
        for record in event["Records"]?.array ?? [] {
            guard let bucket = record["s3"]?["bucket"]?["name"]?.string,
                let key = record["s3"]?["object"]?["key"]?.string.flatMap(Self.decoded)
            else { continue }
            let object = try await aws.answer("s3", "GetObject", ["Bucket": .string(bucket), "Key": .string(key)])
            guard case .bytes(let bytes) = object.body, let document = try? JSON.parse(bytes),
                let id = document["scheduleId"].flatMap(Schedule.text), let members = document.object
            else {
                logger.error("not a schedule", metadata: ["bucket": "\(bucket)", "key": "\(key)"])
                continue
            }
            let table = try settings.value(.scheduleTable)
            _ = try await aws.call(
                "dynamodb", "PutItem", ["TableName": .string(table), "Item": DynamoItem.typed(item: members)])
            logger.info("loaded", metadata: ["schedule": "\(id)"])
            loaded.append(.string(id))
        }
        return .array(loaded)
    }

    /// Keys in events are form-encoded.
    static func decoded(_ key: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(key.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
