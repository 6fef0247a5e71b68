public import JSON

/// What the templates of a distributed Map state's reader and batcher say, evaluated.
extension ReaderConfiguration {
    /// Errors: `States.ItemReaderFailed` for a `MaxItemsPath` that finds no number.
    public init(_ reader: ItemReader, _ scope: Scope) throws(StatesError) {
        let evaluated = try reader.configuration?.evaluate(scope)
        var maxItems = evaluated?["MaxItems"]?.int
        if let text = evaluated?["MaxItemsPath"]?.string {
            guard let found = (try? Path(text))?.find(scope)?.int, found >= 0 else {
                throw StatesError(
                    "States.ItemReaderFailed",
                    "The MaxItemsPath field must refer to a whole number that is not negative: \(text)")
            }
            maxItems = found
        }
        self.init(evaluated, maxItems: maxItems)
    }
}

extension ItemBatcher {
    /// The inputs of the child executions, each with the number of its items.
    public func batches(_ items: [JSON], _ scope: Scope) throws(StatesError) -> [(items: Int, input: JSON)] {
        let most = try maxItemsPerBatch?.evaluate(scope)
        let bytes = try maxInputBytesPerBatch?.evaluate(scope)
        let batches = try ItemBatches.make(
            items, maxItems: most.map { Int($0) }, maxBytes: bytes.map { Int($0) },
            batchInput: try batchInput?.evaluate(scope))
        return batches.map { ($0["Items"]?.array?.count ?? 0, $0) }
    }
}
