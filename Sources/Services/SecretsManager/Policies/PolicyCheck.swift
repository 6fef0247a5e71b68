import AWSWire
import JSON

/// What is wrong with a resource policy. Source: user guide, validating a policy. Assumed: the texts but those of syntax.
struct PolicyCheck {
    struct Finding: Encodable, Equatable, Sendable {
        let checkName: String
        let errorMessage: String
    }

    private(set) var syntax: String?
    private(set) var isPublic = false

    init(_ text: String) {
        guard let policy = try? JSON.parse(text), policy.object != nil else {
            syntax = "This resource policy contains invalid Json."
            return
        }
        let statements = policy["Statement"].map { $0.array ?? [$0] } ?? []
        guard !statements.isEmpty, statements.allSatisfy(Self.isStatement) else {
            syntax = "This resource policy contains a syntax error."
            return
        }
        isPublic = statements.contains(where: Self.isPublic)
    }

    private static func isStatement(_ statement: JSON) -> Bool {
        let has = { (name: String) in statement[name] != nil || statement["Not\(name)"] != nil }
        return ["Allow", "Deny"].contains(statement["Effect"]?.string) && has("Principal") && has("Action")
            && has("Resource")
    }

    /// Anybody may do something, whatever the circumstances.
    private static func isPublic(_ statement: JSON) -> Bool {
        guard statement["Effect"]?.string == "Allow", statement["Condition"] == nil else { return false }
        guard let principal = statement["Principal"] else { return true }
        let aws = principal["AWS"] ?? principal
        return aws == "*" || aws.array?.contains("*") == true
    }

    /// - Throws: MalformedPolicyDocumentException.
    static func require(_ text: String) throws(AWSError) -> PolicyCheck {
        let check = PolicyCheck(text)
        if let syntax = check.syntax { throw SecretsManagerError.malformed(syntax) }
        return check
    }

    var findings: [Finding] {
        if let syntax { return [Finding(checkName: "Syntax Check", errorMessage: syntax)] }
        return isPublic
            ? [Finding(checkName: "Zelkova Check", errorMessage: "Broad access to your secret is not allowed.")] : []
    }
}
