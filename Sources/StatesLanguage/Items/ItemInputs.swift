public import JSON

/// From the items of a distributed Map state to the inputs of its iterations.
extension ItemReader {
    /// The evaluated `ReaderConfig`.
    public func configuration(_ scope: Scope) throws(StatesError) -> ReaderConfiguration {
        ReaderConfiguration(
            try configuration?.evaluate(scope), maxItems: try maxItems?.evaluate(scope).whole)
    }
}

extension Template {
    /// What an `ItemSelector` makes of each item.
    /// - Parameter source: `$$.Map.Item.Source` of the item at an index.
    public func each(
        _ items: [JSON], _ scope: Scope, source: (Int) -> String?
    ) throws(StatesError) -> [JSON] {
        var selected: [JSON] = []
        selected.reserveCapacity(items.count)
        var scope = scope
        for (index, item) in items.enumerated() {
            var about: JSON.Object = ["Index": .number(index), "Value": item]
            if let source = source(index) { about["Source"] = .string(source) }
            scope.context["Map"] = ["Item": .object(about)]
            selected.append(try evaluate(scope))
        }
        return selected
    }
}

extension ItemBatcher {
    /// The inputs of the iterations, each with some of the items.
    public func batches(_ items: [JSON], _ scope: Scope) throws(StatesError) -> [JSON] {
        try ItemBatches.make(
            items, maxItems: try maxItemsPerBatch?.evaluate(scope).whole,
            maxBytes: try maxInputBytesPerBatch?.evaluate(scope).whole,
            batchInput: try batchInput?.evaluate(scope))
    }
}

extension Double {
    /// A limit as a count; what no count can be is no limit.
    fileprivate var whole: Int { Int(exactly: rounded(.down)) ?? .max }
}
