import AWSWire
import JSON

/// What a stack policy lets updates do. Where there is one, everything is refused that no statement allows, and
/// everything that one denies. Source: user guide, "Prevent updates to stack resources".
struct StackPolicy {
    private let statements: [JSON]

    init(_ document: JSON) { statements = document["Statement"]?.array ?? document["Statement"].map { [$0] } ?? [] }

    /// The policy in force for the operation at hand.
    init?(of stack: StackRecord) {
        guard let text = stack.settings.policyDuringUpdate ?? stack.settings.policy,
            let document = try? JSON.parse(text)
        else { return nil }
        self.init(document)
    }

    /// Errors: ValidationError for a text that is no policy.
    static func checked(_ text: String) throws(AWSError) -> String {
        guard let document = try? JSON.parse(text), document["Statement"] != nil else {
            throw CloudFormationError.validation("Error validating stack policy: Invalid stack policy")
        }
        return text
    }

    /// Why an action is refused; nil when it is not.
    /// - Parameter action: `Update:Modify`, `Update:Replace` or `Update:Delete`.
    func denial(of action: String, _ logicalId: String, _ type: String) -> String? {
        let resource = "LogicalResourceId/\(logicalId)"
        var isAllowed = false
        for (index, statement) in statements.enumerated() where Self.fits(statement, action, resource, type) {
            if statement["Effect"]?.string == "Deny" {
                return
                    "Action denied by stack policy: Statement [#\(index + 1)] does not allow [\(action)] for resource "
                    + "[\(resource)]"
            }
            isAllowed = true
        }
        return isAllowed ? nil : "Action not allowed by stack policy: [\(action)] for resource [\(resource)]"
    }

    private static func fits(_ statement: JSON, _ action: String, _ resource: String, _ type: String) -> Bool {
        named(statement, "Action", "NotAction", action) && named(statement, "Resource", "NotResource", resource)
            && holds(statement["Condition"], type)
    }

    private static func named(_ statement: JSON, _ member: String, _ opposite: String, _ value: String) -> Bool {
        if let patterns = statement[opposite] { return !texts(patterns).contains { matches(value, $0) } }
        return texts(statement[member] ?? []).contains { matches(value, $0) }
    }

    /// Conditions ask for `ResourceType` alone.
    private static func holds(_ condition: JSON?, _ type: String) -> Bool {
        for (test, members) in condition?.object ?? [:] {
            let wanted = texts(members["ResourceType"] ?? [])
            let isIn = wanted.contains { test.hasSuffix("Like") ? matches(type, $0) : $0 == type }
            guard isIn != test.hasPrefix("StringNot") else { return false }
        }
        return true
    }

    private static func texts(_ value: JSON) -> [String] { value.array?.compactMap(\.string) ?? [value.string ?? ""] }

    /// `*` stands for any run of characters.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == pattern }
        guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
