import JSON

/// Reads what is a Map state's own.
struct MapReader {
    let fields: Fields
    let reader: FieldReader
    let definition: DefinitionReader

    func map() -> MapFields {
        let processorName = fields.has("ItemProcessor") || !fields.has("Iterator") ? "ItemProcessor" : "Iterator"
        if !fields.has(processorName) { fields.require("ItemProcessor") }
        let processor = fields.fields(processorName)
        let configuration = processor.flatMap { self.configuration($0) }
        var graph = StateGraph(startAt: "", states: [:])
        if let processor {
            processor.require("StartAt", "States")
            graph = definition.graph(processor, reader.language)
            processor.refuseUnknown()
        }
        let isDistributed = configuration?.isDistributed ?? false
        if !isDistributed {
            for name in ["ItemReader", "ItemBatcher", "ResultWriter"] where fields.has(name) {
                fields.error("Field is only supported when the Mode of ProcessorConfig is DISTRIBUTED", name)
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
        let mode = fields.text("Mode") ?? "INLINE"
        if !["INLINE", "DISTRIBUTED"].contains(mode) { fields.error("Value must be one of: [INLINE, DISTRIBUTED]", "Mode") }
        let type = fields.text("ExecutionType")
        if let type, !["STANDARD", "EXPRESS"].contains(type) {
            fields.error("Value must be one of: [STANDARD, EXPRESS]", "ExecutionType")
        }
        if mode == "DISTRIBUTED" { fields.require("ExecutionType") }
        fields.refuseUnknown()
        return (mode == "DISTRIBUTED", type == "EXPRESS")
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
        let result = ItemReader(
            resource: fields.text("Resource") ?? "", arguments: arguments(inner, "ItemReader"),
            configuration: inner.template("ReaderConfig", field: "ItemReader/ReaderConfig"))
        fields.refuseUnknown()
        return result
    }

    private func itemBatcher() -> ItemBatcher? {
        guard let fields = fields.fields("ItemBatcher") else { return nil }
        let inner = FieldReader(fields: fields, language: reader.language)
        let result = ItemBatcher(
            maxItemsPerBatch: inner.numberField("MaxItemsPerBatch", least: 1),
            maxInputBytesPerBatch: inner.numberField("MaxInputBytesPerBatch", least: 1, most: 262_144),
            batchInput: inner.template("BatchInput", field: "ItemBatcher/BatchInput"))
        if result.maxItemsPerBatch == nil, result.maxInputBytesPerBatch == nil {
            fields.error("At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]")
        }
        fields.refuseUnknown()
        return result
    }

    private func resultWriter() -> ResultWriter? {
        guard let fields = fields.fields("ResultWriter") else { return nil }
        let inner = FieldReader(fields: fields, language: reader.language)
        let result = ResultWriter(
            resource: fields.text("Resource"), arguments: arguments(inner, "ResultWriter"),
            configuration: inner.template("WriterConfig", field: "ResultWriter/WriterConfig"))
        fields.refuseUnknown()
        return result
    }

    /// Names child executions: at most 40 characters of those that ARNs may hold.
    private func label() -> String? {
        guard let label = fields.text("Label") else { return nil }
        if label.isEmpty {
            fields.error("Label cannot be empty", "Label")
        } else if label.unicodeScalars.count > 40 {
            fields.error("Label cannot exceed 40 characters", "Label")
        } else if let wrong = label.unicodeScalars.first(where: Self.isForbidden) {
            fields.error("Label contains invalid character: '\(wrong)'", "Label")
        }
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
