package import AWSWire
package import JSON

/// The expressions of one request, read in AWS's order, together with the rules that hold between them.
package struct Expressions: Sendable {
    package private(set) var update: Update?
    package private(set) var condition: Condition?
    package private(set) var filter: Condition?
    package private(set) var key: Condition?
    package private(set) var projection: Projection?

    /// The parameters as they came. Names of members are those of the wire: messages show them.
    package struct Source {
        var update: String?
        var condition: String?
        var filter: String?
        var key: String?
        var projection: String?
        var names: JSON?
        var values: JSON?
        /// The kinds of expression that the operation takes, in the order of its messages.
        let kinds: [Kind]
        /// Legacy parameters by name, in the order of the messages, and whether they are there.
        let legacy: [(name: String, isPresent: Bool)]

        package init(
            update: String? = nil, condition: String? = nil, filter: String? = nil, key: String? = nil,
            projection: String? = nil, names: JSON? = nil, values: JSON? = nil, kinds: [Kind],
            legacy: [(name: String, isPresent: Bool)] = []
        ) {
            (self.update, self.condition, self.filter, self.key) = (update, condition, filter, key)
            (self.projection, self.names, self.values) = (projection, names, values)
            (self.kinds, self.legacy) = (kinds, legacy)
        }

        func text(_ kind: Kind) -> String? {
            switch kind {
            case .update: update
            case .condition: condition
            case .filter: filter
            case .key: key
            case .projection: projection
            }
        }
    }

    package enum Kind: String, Sendable {
        case update = "UpdateExpression"
        case condition = "ConditionExpression"
        case filter = "FilterExpression"
        case key = "KeyConditionExpression"
        case projection = "ProjectionExpression"
    }

    package init(_ source: Source) throws(AWSError) {
        try Self.checkTogether(source)
        // Most requests carry no expressions at all.
        guard source.kinds.contains(where: { source.text($0) != nil }) else { return }
        var placeholders = try Placeholders(names: source.names, values: source.values)
        for kind in source.kinds {
            guard let text = source.text(kind) else { continue }
            do throws(ExpressionError) {
                try read(kind, text, &placeholders)
            } catch {
                throw .validation("Invalid \(kind.rawValue): \(error.text)")
            }
        }
        try placeholders.checkAllUsed()
    }

    private mutating func read(
        _ kind: Kind, _ text: String, _ placeholders: inout Placeholders
    ) throws(ExpressionError) {
        if text.isEmpty { throw ExpressionError("The expression can not be empty;") }
        let size = text.utf8.count
        if size > ExpressionLimits.expressionBytes {
            throw ExpressionError(
                "Expression size has exceeded the maximum allowed size; expression size: \(size)")
        }
        switch kind {
        case .update: update = try UpdateBuilder.read(text, &placeholders)
        case .condition: condition = try ConditionBuilder.read(text, &placeholders)
        case .filter: filter = try ConditionBuilder.read(text, &placeholders)
        case .key: key = try ConditionBuilder.read(text, &placeholders)
        case .projection: projection = try Projection.read(text, &placeholders)
        }
    }

    /// Expressions and their legacy forms exclude each other; placeholders need an expression.
    private static func checkTogether(_ source: Source) throws(AWSError) {
        let present = source.kinds.filter { source.text($0) != nil }
        if !present.isEmpty {
            let legacy = source.legacy.filter(\.isPresent).map(\.name)
            if !legacy.isEmpty {
                throw .validation(
                    "Can not use both expression and non-expression parameters in the same request: Non-expression "
                        + "parameters: {\(legacy.joined(separator: ", "))} Expression parameters: "
                        + "{\(present.map(\.rawValue).joined(separator: ", "))}")
            }
        } else if source.names != nil {
            throw .validation("ExpressionAttributeNames can only be specified when using expressions")
        }
        guard source.values != nil else { return }
        let takingValues = source.kinds.filter { $0 != .projection }
        if !takingValues.isEmpty, takingValues.allSatisfy({ source.text($0) == nil }) {
            let names = takingValues.map(\.rawValue).joined(separator: " and ")
            throw .validation(
                "ExpressionAttributeValues can only be specified when using expressions: \(names) "
                    + (takingValues.count > 1 ? "are null" : "is null"))
        }
    }
}
