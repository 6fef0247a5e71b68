public import JSON

/// What an ItemReader's file holds.
public enum InputType: String, Sendable, CaseIterable {
    case csv = "CSV", json = "JSON", jsonLines = "JSONL", parquet = "PARQUET", manifest = "MANIFEST"
}

public enum CSVDelimiter: String, Sendable, CaseIterable {
    case comma = "COMMA", pipe = "PIPE", semicolon = "SEMICOLON", space = "SPACE", tab = "TAB"

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .pipe: UInt8(ascii: "|")
        case .semicolon: UInt8(ascii: ";")
        case .space: UInt8(ascii: " ")
        case .tab: UInt8(ascii: "\t")
        }
    }
}

/// An evaluated `ReaderConfig`.
/// Source: Step Functions developer guide, "ItemReader (Map)".
public struct ReaderConfiguration: Sendable {
    public var inputType: InputType
    /// Of a manifest: `S3_INVENTORY` or `ATHENA_DATA`.
    public var manifestType: String?
    /// nil: the first row holds them.
    public var csvHeaders: [String]?
    public var csvDelimiter: CSVDelimiter
    /// 0 and nil: no limit.
    public var maxItems: Int?
    /// A JSON pointer to the array or object within a JSON file.
    public var itemsPointer: String?
    /// `LOAD_AND_FLATTEN`: the listed objects are read too.
    public var flattens: Bool

    /// - Parameters:
    ///   - evaluated: the `ReaderConfig` after evaluation; nil for none, as `s3:listObjectsV2` may have it.
    ///   - maxItems: the value of `MaxItems` or `MaxItemsPath`.
    public init(_ evaluated: JSON?, maxItems: Int?) {
        inputType = evaluated?["InputType"]?.string.flatMap(InputType.init) ?? .json
        manifestType = evaluated?["ManifestType"]?.string
        let isGiven = evaluated?["CSVHeaderLocation"]?.string == "GIVEN"
        csvHeaders = isGiven ? evaluated?["CSVHeaders"]?.array?.compactMap(\.string) : nil
        csvDelimiter = evaluated?["CSVDelimiter"]?.string.flatMap(CSVDelimiter.init) ?? .comma
        self.maxItems = maxItems == 0 ? nil : maxItems
        itemsPointer = evaluated?["ItemsPointer"]?.string
        flattens = evaluated?["Transformation"]?.string == "LOAD_AND_FLATTEN"
    }
}
