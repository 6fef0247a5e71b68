import JSON

/// Map states: what becomes of their items before the iterations, which are never run.
extension StateTrial {
    /// How many iterations may fail.
    struct Tolerance: Sendable {
        var count: Int?
        var percentage: Double?
        /// nil: as many as there are results.
        var items: Int?

        /// The result, unless more iterations have failed than may. Without a limit AWS lets the result stand.
        func judge(_ result: JSON, failed: Int) -> Result<JSON, StatesError> {
            let items = items ?? result.array?.count ?? 0
            let isExceeded =
                count.map { failed > $0 } == true
                || percentage.map { Double(failed) * 100 > $0 * Double(max(1, items)) } == true
            return isExceeded
                ? .failure(
                    StatesError(
                        "States.ExceedToleratedFailureThreshold",
                        "The specified tolerated failure threshold was exceeded")) : .success(result)
        }
    }

    /// Shows the limits, the items and what `ItemSelector` and `ItemBatcher` make of them.
    mutating func show(_ fields: MapFields) throws(StatesError) -> Tolerance {
        let selected = try select()
        let scope = scope(selected)
        var tolerance = Tolerance()
        inspection["maxConcurrency"] = .number(Int(try fields.maxConcurrency?.evaluate(scope) ?? 0))
        if let count = try fields.toleratedFailureCount?.evaluate(scope) {
            tolerance.count = Int(count)
            inspection["toleratedFailureCount"] = .number(Int(count))
        }
        if let percentage = try fields.toleratedFailurePercentage?.evaluate(scope) {
            tolerance.percentage = percentage
            inspection["toleratedFailurePercentage"] = .number(percentage)
        }
        guard let items = try items(fields, scope) else { return tolerance }
        tolerance.items = items.values.count
        let inputs = try select(items, fields, scope)
        guard let batcher = fields.itemBatcher else { return tolerance }
        show("afterItemBatcher", .array(try batcher.batches(inputs, scope)))
        return tolerance
    }

    private struct Items {
        var values: [JSON]
        /// `$$.Map.Item.Source`; nil for inline Map states, which have none.
        var source: String?
    }

    /// nil when they cannot be known: a file of which nothing is given, a value that is no list.
    private mutating func items(_ fields: MapFields, _ scope: Scope) throws(StatesError) -> Items? {
        guard let reader = fields.itemReader else {
            let found = try fields.items?.evaluate(scope) ?? scope.input
            if isJSONPath { show("afterItemsPath", found) }
            guard let values = found.object.map(ItemFile.pairs) ?? found.array else { return nil }
            return Items(values: values, source: fields.isDistributed ? "STATE_DATA" : nil)
        }
        guard let readerData else { return nil }
        let bytes = Array(readerData.utf8)
        let configuration = try reader.configuration(scope)
        if let pointed = try ItemFile.pointed(bytes, configuration) { show("afterItemsPointer", pointed) }
        let place = try reader.arguments?.evaluate(scope)
        let names = [place?["Bucket"]?.string ?? "", place?["Key"]?.string ?? ""]
        return Items(
            values: try ItemFile.items(bytes, configuration), source: "S3://" + names.joined(separator: "/"))
    }

    private mutating func select(
        _ items: Items, _ fields: MapFields, _ scope: Scope
    ) throws(StatesError) -> [JSON] {
        guard let selector = fields.itemSelector else { return items.values }
        let selected = try selector.each(items.values, scope) { _ in items.source }
        show("afterItemSelector", .array(selected))
        return selected
    }
}
