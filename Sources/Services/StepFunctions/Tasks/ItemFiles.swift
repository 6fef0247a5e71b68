import AWSWire
import Archive
import BatonCore
import JSON
import StatesLanguage

/// What a distributed Map state reads from S3. Errors: `States.ItemReaderFailed`.
struct ItemFiles {
    let context: Context

    /// Bytes that one compressed file of an inventory may become.
    private static let unpackedBytes = 1 << 30

    /// One item, and where it was: `$$.Map.Item.Source`.
    struct Item: Sendable, Equatable {
        let value: JSON
        let source: String
    }

    /// The items that an ItemReader names, at most `configuration.maxItems`.
    /// - Parameters:
    ///   - resource: `arn:aws:states:::s3:getObject` or `…:listObjectsV2`.
    ///   - arguments: `Bucket` with `Key` or `Prefix`, evaluated.
    func items(
        _ resource: String, _ arguments: JSON, _ configuration: ReaderConfiguration
    ) async throws(StatesError) -> [Item] {
        let bucket = arguments["Bucket"]?.string ?? ""
        if resource.hasSuffix(":listObjectsV2") {
            let listed = try await listing(
                arguments, limit: configuration.flattens ? nil : configuration.maxItems)
            guard configuration.flattens else { return listed.map { Item(value: $0, source: "S3://\(bucket)") } }
            return try await all(listed.map { (bucket, $0["Key"]?.string ?? "") }, configuration)
        }
        let content = try await object(arguments)
        guard configuration.inputType == .manifest else {
            let source = "S3://\(bucket)/\(arguments["Key"]?.string ?? "")"
            return try ItemFile.items(content, configuration).map { Item(value: $0, source: source) }
        }
        let manifest = try Manifest(content, type: configuration.manifestType)
        return try await all(
            manifest.files.map { ($0.bucket, $0.key) }, manifest.configuration(configuration),
            areCompressed: manifest.isCompressed)
    }

    /// The items of several files, one after the other.
    private func all(
        _ files: [(bucket: String, key: String)], _ configuration: ReaderConfiguration, areCompressed: Bool = false
    ) async throws(StatesError) -> [Item] {
        var items: [Item] = []
        var rest = configuration
        for file in files where items.count < configuration.maxItems ?? .max {
            rest.maxItems = configuration.maxItems.map { $0 - items.count }
            let content = try await object(["Bucket": .string(file.bucket), "Key": .string(file.key)])
            for value in try ItemFile.items(areCompressed ? try Self.unpacked(content) : content, rest) {
                items.append(Item(value: value, source: "S3://\(file.bucket)/\(file.key)"))
            }
        }
        return items
    }

    private static func unpacked(_ bytes: [UInt8]) throws(StatesError) -> [UInt8] {
        do throws(ArchiveError) {
            return try Deflate.gunzip(bytes, limit: unpackedBytes)
        } catch {
            throw StatesError("States.ItemReaderFailed", "A file of the inventory cannot be read: \(error)")
        }
    }

    private func object(_ arguments: JSON) async throws(StatesError) -> [UInt8] {
        try await call("GetObject", arguments)["Body"]?.bytes ?? []
    }

    /// Every object under `Prefix`, page by page.
    private func listing(_ arguments: JSON, limit: Int?) async throws(StatesError) -> [JSON] {
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

    private static func item(_ object: JSON) -> JSON {
        var modifiedMs: Int64 = 0
        if case .number(let seconds)? = object["LastModified"] { modifiedMs = Timestamp.milliseconds(seconds) ?? 0 }
        return ItemFile.listed(
            key: object["Key"]?.string ?? "", etag: object["ETag"]?.string ?? "",
            size: Int64(object["Size"]?.int ?? 0), modified: .number(JSON.Number(modifiedMs / 1000)),
            storageClass: object["StorageClass"]?.string ?? "STANDARD")
    }

    private func call(_ operation: String, _ input: JSON) async throws(StatesError) -> JSON {
        do throws(AWSError) {
            return try await context.call("s3", operation, input)
        } catch {
            throw StatesError("States.ItemReaderFailed", S3Wording.cause(error, requestId: context.requestId))
        }
    }
}

/// Where a distributed Map state puts its results. Errors: `States.ResultWriterFailed`.
struct ResultFolder {
    let context: Context
    let mapRunArn: String
    /// `Bucket` and `Prefix`, evaluated.
    let arguments: JSON

    /// Writes the files by status, then `manifest.json`; answers the state's output.
    func write(_ results: [ChildResult], _ format: ResultFormat) async throws(StatesError) -> JSON {
        let files = format.files(results)
        for file in files { try await put(file.name, file.content) }
        let manifest = ResultFormat.manifest(files, mapRunArn: mapRunArn, bucket: bucket, prefix: prefix)
        try await put("manifest.json", manifest.serialized())
        return ResultFormat.exported(mapRunArn: mapRunArn, bucket: bucket, prefix: prefix)
    }

    private var bucket: String { arguments["Bucket"]?.string ?? "" }

    /// The folder of the map run, with its slash: the given prefix and the id at the end of the map run's ARN.
    private var prefix: String {
        var prefix = arguments["Prefix"]?.string ?? ""
        if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
        return "\(prefix)\(mapRunArn.split(separator: ":").last ?? "")/"
    }

    private func put(_ name: String, _ content: [UInt8]) async throws(StatesError) {
        let input: JSON = [
            "Bucket": .string(bucket), "Key": .string(prefix + name), "Body": .bytes(content),
            "ContentType": "application/json",
        ]
        do throws(AWSError) {
            _ = try await context.call("s3", "PutObject", input)
        } catch {
            throw StatesError("States.ResultWriterFailed", S3Wording.cause(error, requestId: context.requestId))
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
