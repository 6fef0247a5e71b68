public import JSON

/// What the templates of a distributed Map state's reader and batcher say, evaluated.
extension ReaderConfiguration {
    public init(_ reader: ItemReader, _ scope: Scope) throws(StatesError) {
        self.init(try reader.configuration?.evaluate(scope), maxItems: try reader.maxItems?.evaluate(scope).count)
    }
}

extension ItemBatcher {
    /// The inputs of the child executions, each with the number of its items.
    public func batches(_ items: [JSON], _ scope: Scope) throws(StatesError) -> [(items: Int, input: JSON)] {
        let most = try maxItemsPerBatch?.evaluate(scope)
        let bytes = try maxInputBytesPerBatch?.evaluate(scope)
        let batches = try ItemBatches.make(
            items, maxItems: most?.count, maxBytes: bytes?.count,
            batchInput: try batchInput?.evaluate(scope))
        return batches.map { ($0["Items"]?.array?.count ?? 0, $0) }
    }
}

extension Double {
    /// A limit as a count; what no count can be is no limit.
    fileprivate var count: Int { Int(exactly: rounded(.down)) ?? .max }
}
