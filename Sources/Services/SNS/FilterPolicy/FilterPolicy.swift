import JSON

/// Which messages a subscription wants: a pure value, made once and asked for every message.
///
/// A policy is an *or* of alternatives, each an *and* of leaves, each an *or* of patterns. Limits: 256 KB, 5 keys, 150
/// combinations of values, where the values of a nested key count as often as it is deep. Source: Amazon SNS developer
/// guide, filter policy constraints.
struct FilterPolicy: Equatable, Sendable {
    /// What a policy is compared with.
    enum Scope: String, Sendable { case messageAttributes = "MessageAttributes", messageBody = "MessageBody" }

    /// One key with its patterns.
    struct Leaf: Equatable, Sendable {
        let path: [String]
        let patterns: [Pattern]
    }

    static let maxCombinations = 150
    static let maxKeys = 5
    static let maxBytes = 262_144

    let alternatives: [[Leaf]]
    let scope: Scope

    /// - Throws: the reason in AWS's words, without the name of the parameter in front; see ``PolicyError``.
    init(_ text: String, scope: Scope) throws(PolicyError) {
        guard text.utf8.count <= Self.maxBytes else { throw PolicyError("Filter policy is too large") }
        let alternatives = try PolicyParser.parse(text)
        if scope == .messageAttributes, alternatives.contains(where: { $0.contains { $0.path.count > 1 } }) {
            throw PolicyError.nested
        }
        guard (try? JSON.parse(text))?.object.map({ $0.count <= Self.maxKeys }) ?? false else {
            throw PolicyError("Filter policy can not have more than \(Self.maxKeys) keys")
        }
        guard Self.combinations(of: alternatives) <= Self.maxCombinations else {
            throw PolicyError("Filter policy is too complex")
        }
        self.alternatives = alternatives
        self.scope = scope
    }

    private static func combinations(of alternatives: [[Leaf]]) -> Int {
        alternatives.reduce(0) { sum, leaves in
            let product = leaves.reduce(1) { product, leaf in
                min(product * leaf.patterns.count * leaf.path.count, maxCombinations + 1)
            }
            return min(sum + product, maxCombinations + 1)
        }
    }

    /// Whether a message with these attributes is wanted. Values of an array attribute are alternatives of each other.
    func matches(attributes: [MessageAttribute]) -> Bool {
        alternatives.contains { leaves in
            leaves.allSatisfy { leaf in
                let attribute = attributes.first { $0.name == leaf.path.first }
                guard let values = attribute?.filterValues, !values.isEmpty else {
                    return leaf.patterns.contains(where: \.matchesAbsence)
                }
                return values.contains { value in leaf.patterns.contains { $0.matches(value) } }
            }
        }
    }

    /// Whether a message with this body is wanted; one that is no JSON object is not.
    func matches(body: JSON?) -> Bool {
        guard case .object(let object) = body else { return false }
        return alternatives.contains { leaves in
            let rests = leaves.map { BodyLeaf(rest: $0.path.joined(separator: ".")[...], patterns: $0.patterns) }
            return BodyLeaf.areSatisfied(rests, in: object)
        }
    }
}

extension PolicyError {
    /// The one message of AWS that does not name the attribute.
    static let nested = PolicyError("Filter policy scope MessageAttributes does not support nested filter policy")
}

/// A leaf with the part of its path that has not been walked yet. Names are joined by dots, in messages too: AWS does
/// not tell `{"a": {"b": 1}}` from `{"a.b": 1}`.
private struct BodyLeaf {
    let rest: Substring
    let patterns: [Pattern]

    var acceptsAbsence: Bool { patterns.contains(where: \.matchesAbsence) }

    /// Leaves that lead into the same array must be satisfied by the same element of it.
    static func areSatisfied(_ leaves: [BodyLeaf], in object: JSON.Object) -> Bool {
        var together: [String: [BodyLeaf]] = [:]
        for leaf in leaves {
            let members = object.members.filter { leaf.isBelow($0.key) }
            guard let member = members.first else {
                guard leaf.acceptsAbsence else { return false }
                continue
            }
            if members.count == 1 {
                together[member.key, default: []].append(leaf.below(member.key))
            } else if !members.contains(where: { areSatisfied([leaf.below($0.key)], by: $0.value) }) {
                return false
            }
        }
        return together.allSatisfy { key, leaves in object[key].map { areSatisfied(leaves, by: $0) } ?? false }
    }

    private static func areSatisfied(_ leaves: [BodyLeaf], by value: JSON) -> Bool {
        switch value {
        case .array(let elements):
            if elements.contains(where: { areSatisfied(leaves, by: $0) }) { return true }
            return elements.isEmpty && leaves.allSatisfy(\.acceptsAbsence)
        case .object(let object):
            let (ending, going) = (leaves.filter(\.rest.isEmpty), leaves.filter { !$0.rest.isEmpty })
            return ending.allSatisfy(\.acceptsAbsence) && areSatisfied(going, in: object)
        default:
            guard let scalar = Scalar(value) else { return false }
            return leaves.allSatisfy { leaf in
                leaf.rest.isEmpty ? leaf.patterns.contains { $0.matches(scalar) } : leaf.acceptsAbsence
            }
        }
    }

    private func isBelow(_ key: String) -> Bool {
        rest == key || (rest.hasPrefix(key) && rest.dropFirst(key.count).first == ".")
    }

    private func below(_ key: String) -> BodyLeaf {
        BodyLeaf(rest: rest.dropFirst(key.count).dropFirst(), patterns: patterns)
    }
}
