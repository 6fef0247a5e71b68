public import JSON

/// What a file of a distributed Map state holds, as items. Errors: `States.ItemReaderFailed`.
/// Source: Step Functions developer guide, "ItemReader (Map)"; the wording of refusals is Assumed where not noted.
public enum ItemFile {
    /// The items of one file, at most `maxItems` of them. Manifests and lists of objects name further files: see
    /// ``Manifest`` and ``listed(_:)``.
    public static func items(
        _ bytes: [UInt8], _ configuration: ReaderConfiguration
    ) throws(StatesError) -> [JSON] {
        switch configuration.inputType {
        case .json: try json(bytes, configuration)
        case .jsonLines: try jsonLines(bytes, configuration)
        case .csv, .manifest: try csv(bytes, configuration)
        case .parquet: throw failure("Parquet files are not supported.")
        }
    }

    static func failure(_ cause: String) -> StatesError { StatesError("States.ItemReaderFailed", cause) }

    // MARK: JSON

    private static func json(_ bytes: [UInt8], _ configuration: ReaderConfiguration) throws(StatesError) -> [JSON] {
        var value = try parse(bytes, "The file is not valid JSON")
        if let pointer = configuration.itemsPointer {
            value = try find(pointer, in: value)
            if let object = value.object { value = .array(pairs(object)) }
        }
        guard let items = value.array else { throw failure("Attempting to map over non-iterable node.") }
        return Array(items.prefix(configuration.maxItems ?? .max))
    }

    /// What `ItemsPointer` finds in a JSON file; nil without one.
    static func pointed(
        _ bytes: [UInt8], _ configuration: ReaderConfiguration
    ) throws(StatesError) -> JSON? {
        guard configuration.inputType == .json, let pointer = configuration.itemsPointer else { return nil }
        return try find(pointer, in: try parse(bytes, "The file is not valid JSON"))
    }

    /// The items of an object: one for each member.
    public static func pairs(_ object: JSON.Object) -> [JSON] {
        object.map { ["Key": .string($0.key), "Value": $0.value] }
    }

    /// RFC 6901.
    private static func find(_ pointer: String, in value: JSON) throws(StatesError) -> JSON {
        let missing = failure(
            "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.")
        guard pointer.isEmpty || pointer.utf8.first == UInt8(ascii: "/") else { throw missing }
        var found = value
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = String(step.replacing("~1", with: "/").replacing("~0", with: "~"))
            guard let next = found[name] ?? Int(name).flatMap({ found[$0] }) else { throw missing }
            found = next
        }
        return found
    }

    private static func jsonLines(
        _ bytes: [UInt8], _ configuration: ReaderConfiguration
    ) throws(StatesError) -> [JSON] {
        var items: [JSON] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) where items.count < configuration.maxItems ?? .max {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            items.append(try parse(line, "A line of the file is not valid JSON"))
        }
        return items
    }

    private static func parse(_ bytes: some Sequence<UInt8>, _ complaint: String) throws(StatesError) -> JSON {
        do {
            return try JSON.parse(bytes)
        } catch {
            throw failure("\(complaint): \(error)")
        }
    }

    // MARK: CSV

    /// Every value is a text; missing ones are empty, those beyond the headers are left out.
    private static func csv(_ bytes: [UInt8], _ configuration: ReaderConfiguration) throws(StatesError) -> [JSON] {
        var csv = CSV(bytes, delimiter: configuration.csvDelimiter.byte)
        let headers = configuration.csvHeaders ?? csv.row() ?? []
        // AWS's words.
        guard Set(headers).count == headers.count else { throw failure("CSV headers cannot contain duplicates.") }
        let columns = JavaHash.ordered(Array(headers.enumerated())) { JavaHash.hash($0.element) }
        var items: [JSON] = []
        while items.count < configuration.maxItems ?? .max, let row = csv.row() {
            var item = JSON.Object()
            item.reserveCapacity(headers.count)
            for (index, header) in columns {
                item[header] = .string(row.indices.contains(index) ? row[index] : "")
            }
            items.append(.object(item))
        }
        return items
    }

    // MARK: Listings

    /// The item of one object of `s3:listObjectsV2`.
    /// - Parameter modified: epoch seconds.
    public static func listed(
        key: String, etag: String, size: Int64, modified: JSON, storageClass: String
    ) -> JSON {
        [
            "Etag": .string(etag), "Key": .string(key), "LastModified": modified,
            "Size": .number(JSON.Number(size)), "StorageClass": .string(storageClass),
        ]
    }
}

/// A file that names the files that hold the items.
public struct Manifest: Sendable, Equatable {
    /// One file to read next.
    public struct File: Sendable, Equatable {
        public let bucket: String
        public let key: String
    }

    public let files: [File]
    /// The columns of the files of an S3 inventory, which have no row for them; nil for other manifests.
    public let headers: [String]?
    /// Inventories are compressed by gzip.
    public var isCompressed: Bool { headers != nil }

    /// - Parameter type: `ManifestType`; nil is `S3_INVENTORY`.
    public init(_ bytes: [UInt8], type: String?) throws(StatesError) {
        if type == "ATHENA_DATA" {
            self = try Self.athena(bytes)
        } else {
            self = try Self.inventory(bytes)
        }
    }

    private init(files: [File], headers: [String]?) {
        self.files = files
        self.headers = headers
    }

    /// `manifest.json` of an S3 inventory in CSV.
    private static func inventory(_ bytes: [UInt8]) throws(StatesError) -> Manifest {
        guard let value = try? JSON.parse(bytes), let files = value["files"]?.array,
            let bucket = value["destinationBucket"]?.string?.split(separator: ":").last.map(String.init)
        else { throw ItemFile.failure("The file is not a valid S3 inventory manifest.") }
        guard value["fileFormat"]?.string == "CSV" else {
            throw ItemFile.failure("Only S3 inventories in CSV are supported.")
        }
        let columns = (value["fileSchema"]?.string ?? "").split(separator: ",").map { column in
            String(column.drop { $0 == " " })
        }
        return Manifest(
            files: files.compactMap { file in file["key"]?.string.map { File(bucket: bucket, key: $0) } },
            headers: columns)
    }

    /// One `s3://bucket/key` a line, as Athena's UNLOAD writes it.
    private static func athena(_ bytes: [UInt8]) throws(StatesError) -> Manifest {
        var files: [File] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "s3:", parts[1].isEmpty else {
                throw ItemFile.failure("The manifest holds a line that is not an S3 URI: \(line)")
            }
            files.append(File(bucket: String(parts[2]), key: String(parts[3])))
        }
        return Manifest(files: files, headers: nil)
    }

    /// How the named files are to be read.
    public func configuration(_ outer: ReaderConfiguration) -> ReaderConfiguration {
        guard let headers else { return outer }
        var inner = outer
        inner.inputType = .csv
        inner.csvHeaders = headers
        inner.csvDelimiter = .comma
        return inner
    }
}
