package import AWSWire
package import JSON

extension Update {
    /// Reads `AttributeUpdates`, which `UpdateExpression` has replaced.
    package init(legacy tree: JSON) throws(AWSError) {
        var actions: [Action] = []
        for (attribute, entry) in tree.object ?? [:] {
            let value = try entry["Value"].map { (tree) throws(AWSError) in try AttributeValue(tree: tree) }
            actions.append(try Self.action(Path(attribute), entry["Action"]?.string ?? "PUT", value))
        }
        self.init(actions: actions, isLegacy: true)
    }

    private static func action(_ path: Path, _ action: String, _ value: AttributeValue?) throws(AWSError) -> Action {
        guard let value else {
            guard action == "DELETE" else {
                throw .invalidParameter("Only DELETE action is allowed when no attribute value is specified")
            }
            return .remove(path)
        }
        switch action {
        case "DELETE":
            guard value.type.isSet else {
                throw .invalidParameter("DELETE action with value is not supported for the type \(value.type.rawValue)")
            }
            return .delete(path, value)
        case "ADD":
            guard value.type.isSet || value.type == .number || value.type == .list else {
                throw .invalidParameter("ADD action is not supported for the type \(value.type.rawValue)")
            }
            return .add(path, value)
        default: return .set(path, .value(value))
        }
    }
}
