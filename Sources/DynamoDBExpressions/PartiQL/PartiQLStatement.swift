package import AWSWire

/// A PartiQL statement, its parameters filled in. Source: "PartiQL for DynamoDB reference", Developer Guide.
package struct PartiQLStatement: Sendable {
    package enum Action: Sendable {
        /// - Parameter paths: nil for `*`.
        case select(paths: [Path]?, isDescending: Bool)
        case insert(Item)
        case update(Update)
        case delete
        /// `EXISTS(SELECT …)`, in transactions alone.
        case exists
    }

    package internal(set) var table: String
    package internal(set) var index: String?
    package internal(set) var action: Action
    package internal(set) var condition: Condition?
    /// As `ReturnValues` names it.
    package internal(set) var returning: String?

    /// - Parameter parameters: what stands for each `?`, in their order.
    package init(_ text: String, parameters: [AttributeValue]) throws(AWSError) {
        var parser = PartiQLParser(tokens: try PartiQLToken.all(of: text), parameters: parameters)
        self = try parser.statement()
    }

    init(table: String, index: String?, action: Action, condition: Condition?, returning: String?) {
        (self.table, self.index, self.action) = (table, index, action)
        (self.condition, self.returning) = (condition, returning)
    }

    package var isRead: Bool { if case .select = action { true } else { false } }

    /// The values that the statement asks certain attributes to be equal to, whatever else it asks.
    package func equalities(_ names: [String]) -> [String: AttributeValue] {
        var result: [String: AttributeValue] = [:]
        for term in condition?.conjuncts ?? [] {
            guard case .compare(.equal, .path(let path), .value(let value)) = term, !path.isNested,
                names.contains(path.attribute)
            else { continue }
            result[path.attribute] = value
        }
        return result
    }

    /// What the statement asks besides equality of certain attributes; nil when that is all.
    package func condition(without names: [String]) -> Condition? {
        let rest = (condition?.conjuncts ?? []).filter { term in
            guard case .compare(.equal, .path(let path), .value) = term, !path.isNested else { return true }
            return !names.contains(path.attribute)
        }
        return rest.isEmpty ? nil : .and(rest)
    }
}

extension Condition {
    fileprivate var conjuncts: [Condition] {
        if case .and(let terms) = self { return terms.flatMap(\.conjuncts) }
        return [self]
    }
}
