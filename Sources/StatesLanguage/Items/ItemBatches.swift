public import JSON

/// Groups items for child executions, as an ItemBatcher wants them.
public enum ItemBatches {
    /// Of the input of one child execution.
    public static let mostBytes = 262_144

    /// The inputs of the child executions: `{"BatchInput": …, "Items": […]}`, the first only where there is one.
    ///
    /// A batch is full at `maxItems`, or when one item more would make it larger than `maxBytes`; 0 and nil are no
    /// limits.
    /// Errors: `States.ItemReaderFailed` for an item that is too large by itself (Assumed).
    public static func make(
        _ items: [JSON], maxItems: Int?, maxBytes: Int?, batchInput: JSON?
    ) throws(StatesError) -> [JSON] {
        let most = maxBytes.map { $0 == 0 ? mostBytes : min($0, mostBytes) } ?? mostBytes
        let mostItems = maxItems.map { $0 == 0 ? Int.max : $0 } ?? .max
        let envelope = size(of: batch([], batchInput))
        var batches: [JSON] = []
        var open: [JSON] = []
        var bytes = envelope
        for item in items {
            let size = size(of: item)
            guard envelope + size <= most else {
                throw StatesError(
                    "States.ItemReaderFailed", "An item exceeds the maximum size of a batch, \(most) bytes.")
            }
            let grown = bytes + size + (open.isEmpty ? 0 : 1)
            if open.count == mostItems || grown > most {
                batches.append(batch(open, batchInput))
                open = [item]
                bytes = envelope + size
            } else {
                open.append(item)
                bytes = grown
            }
        }
        if !open.isEmpty { batches.append(batch(open, batchInput)) }
        return batches
    }

    private static func batch(_ items: [JSON], _ input: JSON?) -> JSON {
        var object = JSON.Object()
        if let input { object["BatchInput"] = input }
        object["Items"] = .array(items)
        return .object(object)
    }

    private static func size(of value: JSON) -> Int { value.serialized().count }
}
