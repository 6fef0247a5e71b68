import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// What a distributed Map state reads from S3. Errors: `States.ItemReaderFailed`.
struct ItemFiles {
    let context: Context

    /// `s3:getObject`: the content of one object.
    /// - Parameter arguments: `Bucket`, `Key`, `VersionId`, `ExpectedBucketOwner`.
    func object(_ arguments: JSON) async throws(StatesError) -> [UInt8] {
        let answer = try await call("GetObject", arguments)
        return answer["Body"]?.bytes ?? []
    }

    /// `s3:listObjectsV2`: every object under `Prefix`, as an item.
    /// - Parameter limit: `MaxItems`; reading stops there.
    func listing(_ arguments: JSON, limit: Int?) async throws(StatesError) -> [JSON] {
        var items: [JSON] = []
        var input = arguments
        repeat {
            let page = try await call("ListObjectsV2", input)
            for object in page["Contents"]?.array ?? [] where items.count < limit ?? .max {
                items.append(Self.item(object))
            }
            input["ContinuationToken"] = page["NextContinuationToken"]
        } while input["ContinuationToken"] != nil && items.count < limit ?? .max
        return items
    }

    /// Source: Step Functions developer guide, "ItemReader".
    private static func item(_ object: JSON) -> JSON {
        let modified: JSON =
            switch object["LastModified"] {
            case .number(let seconds): .number(JSON.Number((Timestamp.milliseconds(seconds) ?? 0) / 1000))
            case let other: other ?? .null
            }
        return [
            "Etag": object["ETag"] ?? .null, "Key": object["Key"] ?? .null, "LastModified": modified,
            "Size": object["Size"] ?? .null, "StorageClass": object["StorageClass"] ?? "STANDARD",
        ]
    }

    private func call(_ operation: String, _ input: JSON) async throws(StatesError) -> JSON {
        do throws(AWSError) {
            return try await context.call("s3", operation, input)
        } catch {
            throw StatesError(
                "States.ItemReaderFailed", S3Wording.cause(error, requestId: context.requestId))
        }
    }
}

/// Where a distributed Map state puts its results. Errors: `States.ResultWriterFailed`.
struct ResultFolder {
    let context: Context
    let bucket: String
    /// Ends in a slash.
    let prefix: String

    func put(_ name: String, _ content: [UInt8]) async throws(StatesError) {
        let input: JSON = [
            "Bucket": .string(bucket), "Key": .string(prefix + name), "Body": .bytes(content),
            "ContentType": "application/json",
        ]
        do throws(AWSError) {
            _ = try await context.call("s3", "PutObject", input)
        } catch {
            throw StatesError(
                "States.ResultWriterFailed", S3Wording.cause(error, requestId: context.requestId))
        }
    }
}

/// How Map states word a failure of S3.
private enum S3Wording {
    static func cause(_ error: AWSError, requestId: String) -> String {
        "\(error.message) (Service: Amazon S3; Status Code: \(error.status); Error Code: \(error.code); "
            + "Request ID: \(requestId); S3 Extended Request ID: \(requestId); Proxy: null)"
    }
}
