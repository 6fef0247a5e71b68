public import JSON

/// Which events are wanted: a pure value, made once and asked for every event.
///
/// A pattern is an *or* of alternatives, each an *and* of leaves, each an *or* of value patterns. EventBridge, SNS and
/// Lambda share this language and differ in their limits. Source: Amazon EventBridge user guide, event patterns.
public struct EventPattern: Equatable, Sendable {
    /// One key with its patterns.
    public struct Leaf: Equatable, Sendable {
        public let path: [String]
        public let patterns: [ValuePattern]
    }

    /// What distinguishes the services that use patterns.
    public struct Dialect: Sendable {
        /// How many alternatives a pattern may have once every `$or` is multiplied out.
        public var maxCombinations: Int
        public var tooComplex: String
        /// How many stars one wildcard may have.
        public var maxStars: Int
        public var tooManyStars: String
        /// Whether `prefix` and `suffix` take `{"equals-ignore-case": …}`.
        public var hasCaselessAffixes: Bool

        public init(
            maxCombinations: Int, tooComplex: String, maxStars: Int, tooManyStars: String, hasCaselessAffixes: Bool
        ) {
            self.maxCombinations = maxCombinations
            self.tooComplex = tooComplex
            self.maxStars = maxStars
            self.tooManyStars = tooManyStars
            self.hasCaselessAffixes = hasCaselessAffixes
        }

        /// EventBridge and Lambda: 1,000 alternatives.
        ///
        /// Assumed: the number of stars; AWS measures the states of its automaton.
        public static let events = Dialect(
            maxCombinations: 1000, tooComplex: "There are too many OR conditions", maxStars: 30,
            tooManyStars: "Rule is too complex - try using fewer wildcard characters or fewer repeating character "
                + "sequences after a wildcard character",
            hasCaselessAffixes: true)
    }

    public let alternatives: [[Leaf]]

    /// - Throws: the reason in AWS's words, without what the service says in front of it.
    public init(_ text: String, dialect: Dialect = .events) throws(PatternError) {
        alternatives = try EventPatternParser.parse(text, dialect)
    }

    /// Whether this event is wanted; what is no JSON object is not.
    public func matches(_ event: JSON?) -> Bool {
        guard case .object(let object) = event else { return false }
        return alternatives.contains { leaves in
            let rests = leaves.map { OpenLeaf(rest: $0.path.joined(separator: ".")[...], patterns: $0.patterns) }
            return OpenLeaf.areSatisfied(rests, in: object)
        }
    }
}

/// A leaf with the part of its path that has not been walked yet. Names are joined by dots, in events too: AWS does
/// not tell `{"a": {"b": 1}}` from `{"a.b": 1}`.
private struct OpenLeaf {
    let rest: Substring
    let patterns: [ValuePattern]

    var acceptsAbsence: Bool { patterns.contains(where: \.matchesAbsence) }

    /// Leaves that lead into the same array must be satisfied by the same element of it.
    static func areSatisfied(_ leaves: [OpenLeaf], in object: JSON.Object) -> Bool {
        var together: [String: [OpenLeaf]] = [:]
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

    private static func areSatisfied(_ leaves: [OpenLeaf], by value: JSON) -> Bool {
        switch value {
        case .array(let elements):
            if elements.contains(where: { areSatisfied(leaves, by: $0) }) { return true }
            return elements.isEmpty && leaves.allSatisfy(\.acceptsAbsence)
        case .object(let object):
            let (ending, going) = (leaves.filter(\.rest.isEmpty), leaves.filter { !$0.rest.isEmpty })
            return ending.allSatisfy(\.acceptsAbsence) && areSatisfied(going, in: object)
        default:
            guard let scalar = PatternValue(value) else { return false }
            return leaves.allSatisfy { leaf in
                leaf.rest.isEmpty ? leaf.patterns.contains { $0.matches(scalar) } : leaf.acceptsAbsence
            }
        }
    }

    private func isBelow(_ key: String) -> Bool {
        rest == key || (rest.hasPrefix(key) && rest.dropFirst(key.count).first == ".")
    }

    private func below(_ key: String) -> OpenLeaf {
        OpenLeaf(rest: rest.dropFirst(key.count).dropFirst(), patterns: patterns)
    }
}
