import BatonCore
import JSON

/// Which messages a subscription wants: a pure value, made once and asked for every message.
///
/// A policy is an *or* of alternatives, each an *and* of leaves, each an *or* of patterns. Limits: 256 KB, 5 keys, 150
/// combinations of values, where the values of a nested key count as often as it is deep. Source: Amazon SNS developer
/// guide, filter policy constraints.
struct FilterPolicy: Equatable, Sendable {
    /// What a policy is compared with.
    enum Scope: String, Sendable { case messageAttributes = "MessageAttributes", messageBody = "MessageBody" }

    static let maxCombinations = 150
    static let maxKeys = 5
    static let maxBytes = 262_144
    /// Assumed: more than three stars are answered like any other policy that is too complex.
    private static let dialect = EventPattern.Dialect(
        maxCombinations: maxCombinations, tooComplex: "Filter policy is too complex", maxStars: 3,
        tooManyStars: "Filter policy is too complex", hasCaselessAffixes: false)

    private let pattern: EventPattern
    let scope: Scope

    /// - Throws: the reason in AWS's words, without the name of the parameter in front; see ``PatternError``.
    init(_ text: String, scope: Scope) throws(PatternError) {
        guard text.utf8.count <= Self.maxBytes else { throw PatternError("Filter policy is too large") }
        let pattern = try EventPattern(text, dialect: Self.dialect)
        if scope == .messageAttributes, pattern.alternatives.contains(where: { $0.contains { $0.path.count > 1 } }) {
            throw PatternError.nested
        }
        guard (try? JSON.parse(text))?.object.map({ $0.count <= Self.maxKeys }) ?? false else {
            throw PatternError("Filter policy can not have more than \(Self.maxKeys) keys")
        }
        guard Self.combinations(of: pattern.alternatives) <= Self.maxCombinations else {
            throw PatternError(Self.dialect.tooComplex)
        }
        self.pattern = pattern
        self.scope = scope
    }

    private static func combinations(of alternatives: [[EventPattern.Leaf]]) -> Int {
        alternatives.reduce(0) { sum, leaves in
            let product = leaves.reduce(1) { product, leaf in
                min(product * leaf.patterns.count * leaf.path.count, maxCombinations + 1)
            }
            return min(sum + product, maxCombinations + 1)
        }
    }

    /// Whether a message with these attributes is wanted. Values of an array attribute are alternatives of each other.
    func matches(attributes: [MessageAttribute]) -> Bool {
        pattern.alternatives.contains { leaves in
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
    func matches(body: JSON?) -> Bool { pattern.matches(body) }
}

extension PatternError {
    /// The one message of AWS that does not name the attribute.
    static let nested = PatternError("Filter policy scope MessageAttributes does not support nested filter policy")
}
