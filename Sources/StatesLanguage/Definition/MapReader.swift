import JSON

/// Reads what is a Map state's own.
struct MapReader {
    let fields: Fields
    let reader: FieldReader
    let definition: DefinitionReader

    func map() -> MapFields {
        let processorName = fields.has("ItemProcessor") || !fields.has("Iterator") ? "ItemProcessor" : "Iterator"
        fields.requireOne("ItemProcessor", "Iterator")
        let processor = fields.fields(processorName)
        let configuration = processor.flatMap { self.configuration($0) }
        var graph = StateGraph(startAt: "", states: [:])
        if let processor {
            processor.require("StartAt", "States")
            graph = definition.graph(processor)
            processor.refuseUnknown()
        }
        let isDistributed = configuration?.isDistributed ?? false
        if !isDistributed {
            for name in ["ItemReader", "ItemBatcher", "ResultWriter"] where fields.has(name) {
                fields.error("Field '\(name)' is not supported for the 'INLINE' Mode", name)
            }
        }
        return MapFields(
            processor: graph, isDistributed: isDistributed, isExpress: configuration?.isExpress ?? false,
            items: items(), itemSelector: itemSelector(), itemReader: itemReader(), itemBatcher: itemBatcher(),
            resultWriter: resultWriter(),
            maxConcurrency: reader.numberField("MaxConcurrency", least: 0),
            toleratedFailureCount: reader.numberField("ToleratedFailureCount", least: 0),
            toleratedFailurePercentage: reader.numberField(
                "ToleratedFailurePercentage", least: 0, most: 100, isWhole: false),
            label: label())
    }

    private func configuration(_ processor: Fields) -> (isDistributed: Bool, isExpress: Bool)? {
        guard let fields = processor.fields("ProcessorConfig") else { return nil }
        let isDistributed = fields.word("Mode", of: ["INLINE", "DISTRIBUTED"]) == "DISTRIBUTED"
        var type: String?
        if isDistributed {
            fields.require("ExecutionType")
            type = fields.word("ExecutionType", of: ["STANDARD", "EXPRESS"])
            if definition.type == .express {
                fields.error(
                    "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines", "Mode"
                )
            }
        }
        fields.refuseUnknown()
        return (isDistributed, type == "EXPRESS")
    }

    private func items() -> Template? {
        switch reader.language {
        case .jsonPath: reader.pathTemplate("ItemsPath")
        case .jsonata: reader.queries("Items", expected: .array)
        }
    }

    private func itemSelector() -> Template? {
        fields.exclude("ItemSelector", "Parameters")
        return reader.template("ItemSelector") ?? reader.payload("Parameters")
    }

    private func arguments(_ inner: FieldReader, _ field: String) -> Template? {
        inner.payload("Parameters") ?? inner.queries("Arguments", field: "\(field)/Arguments")
    }

    private func itemReader() -> ItemReader? {
        guard let fields = fields.fields("ItemReader") else { return nil }
        fields.require("Resource")
        let inner = FieldReader(fields: fields, language: reader.language)
        let resource = fields.text("Resource") ?? ""
        if fields.has("Resource"), !Self.readers.contains(where: resource.hasSuffix) {
            fields.error("The field 'Resource' does not match any of the allowed values", "Resource")
        }
        let maxItems = fields.fields("ReaderConfig").flatMap(checkReader)
        let result = ItemReader(
            resource: resource, arguments: arguments(inner, "ItemReader"),
            configuration: inner.template("ReaderConfig", field: "ItemReader/ReaderConfig"), maxItems: maxItems)
        fields.refuseUnknown()
        return result
    }

    private static let readers = [":states:::s3:getObject", ":states:::s3:listObjectsV2"]

    /// Only `InputType` decides which of the other members may be there.
    /// - Returns: the limit of items.
    private func checkReader(_ fields: Fields) -> NumberField? {
        let type = fields.word("InputType", of: InputType.allCases.map(\.rawValue))
        for name in ["MaxItems", "MaxItemsPath", "ItemsPointer", "Transformation", "ManifestType"] { _ = fields[name] }
        let maxItems = FieldReader(fields: fields, language: reader.language)
            .numberField(
                "MaxItems", least: 0, most: 100_000_000, in: "ItemReader/ReaderConfig/",
                refusal: ItemFile.failure("field MaxItems must be positive"))
        if type == InputType.csv.rawValue {
            let location = fields.word("CSVHeaderLocation", of: ["FIRST_ROW", "GIVEN"])
            if !fields.has("CSVHeaderLocation") { fields.error("The field 'CSVHeaderLocation' is required") }
            if location == "GIVEN" { fields.require("CSVHeaders") }
            _ = fields.array("CSVHeaders")
            _ = fields.word("CSVDelimiter", of: CSVDelimiter.allCases.map(\.rawValue))
        } else if fields.object["ManifestType"]?.string != nil || type == InputType.manifest.rawValue {
            _ = (fields["CSVHeaderLocation"], fields["CSVHeaders"], fields["CSVDelimiter"])
        }
        if reader.language == .jsonata { fields.refuse(["MaxItemsPath"], because: .jsonata) }
        fields.refuseUnknown()
        return maxItems
    }

    private func itemBatcher() -> ItemBatcher? {
        guard let fields = fields.fields("ItemBatcher") else { return nil }
        let inner = FieldReader(fields: fields, language: reader.language)
        let result = ItemBatcher(
            maxItemsPerBatch: inner.numberField("MaxItemsPerBatch", least: 0, in: "ItemBatcher/"),
            maxInputBytesPerBatch: inner.numberField(
                "MaxInputBytesPerBatch", least: 0, most: 262_144, in: "ItemBatcher/"),
            batchInput: inner.template("BatchInput", field: "ItemBatcher/BatchInput"))
        fields.refuseUnknown()
        return result
    }

    private func resultWriter() -> ResultWriter? {
        guard let fields = fields.fields("ResultWriter") else { return nil }
        let inner = FieldReader(fields: fields, language: reader.language)
        let result = ResultWriter(
            resource: fields.text("Resource"), arguments: arguments(inner, "ResultWriter"),
            configuration: inner.template("WriterConfig", field: "ResultWriter/WriterConfig"))
        if result.configuration == nil, result.resource == nil { fields.error("Value cannot be empty") }
        fields.fields("WriterConfig").map(checkWriter)
        fields.refuseUnknown()
        return result
    }

    private func checkWriter(_ fields: Fields) {
        _ = fields.word("Transformation", of: Transformation.allCases.map(\.rawValue))
        _ = fields.word("OutputType", of: OutputType.allCases.map(\.rawValue))
        fields.refuseUnknown()
    }

    /// Names child executions: at most 40 characters of those that ARNs may hold.
    private func label() -> String? {
        guard let label = fields.text("Label") else { return nil }
        let place = fields.place("Label")
        if label.isEmpty {
            fields.findings.add(.invalidLabel, "Label cannot be empty", at: place)
        } else if label.unicodeScalars.count > 40 {
            fields.findings.add(.invalidLabel, "Label cannot exceed 40 characters", at: place)
        } else if let wrong = label.unicodeScalars.first(where: Self.isForbidden) {
            fields.findings.add(.invalidLabel, "Label contains invalid character: '\(wrong)'", at: place)
        }
        definition.checkLabel(label, at: place)
        return label
    }

    /// White space, brackets, wildcards, special characters, control characters.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x7F...0x9F: true
        default: "?*<>{}[]:;,\\|^~$#%&`\"".unicodeScalars.contains(scalar)
        }
    }
}
