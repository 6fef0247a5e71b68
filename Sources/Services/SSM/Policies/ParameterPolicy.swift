import AWSWire
import BatonCore
import JSON

/// What happens with a parameter by itself: it expires, or somebody is told that it will, or that nobody has changed it.
///
/// Source: user guide, assigning parameter policies. Assumed: the texts of the errors.
struct ParameterPolicy: Codable, Equatable, Sendable {
    enum Kind: String, Codable, Sendable {
        case expiration = "Expiration"
        case expirationNotification = "ExpirationNotification"
        case noChangeNotification = "NoChangeNotification"
    }

    let kind: Kind
    /// As it was given.
    let text: String
    /// When it expires, or how long before that or after the last change.
    let ms: Int64

    /// The policies in the text of a JSON array.
    static func list(_ text: String, nowMs: Int64) throws(AWSError) -> [ParameterPolicy] {
        guard let elements = (try? JSON.parse(text))?.array else {
            throw invalid("Policies must be an array of JSON objects.")
        }
        // An empty policy removes what there is.
        if elements.allSatisfy({ $0.object?.isEmpty == true }) { return [] }
        guard elements.count <= Limits.policies else {
            throw AWSError(
                "PoliciesLimitExceededException", "A parameter has at most \(Limits.policies) policies.")
        }
        var policies: [ParameterPolicy] = []
        for element in elements { policies.append(try ParameterPolicy(element, nowMs: nowMs)) }
        let expirations = policies.count { $0.kind == .expiration }
        guard expirations <= 1, expirations == 1 || !policies.contains(where: { $0.kind == .expirationNotification })
        else {
            throw AWSError(
                "IncompatiblePolicyException",
                "A parameter has one Expiration policy, which ExpirationNotification policies need.")
        }
        return policies
    }

    private init(_ policy: JSON, nowMs: Int64) throws(AWSError) {
        guard let kind = policy["Type"]?.string.flatMap(Kind.init) else {
            throw AWSError(
                "InvalidPolicyTypeException",
                "The policy type isn't supported. Parameter Store supports the following policy types: Expiration, "
                    + "ExpirationNotification, and NoChangeNotification.")
        }
        self.kind = kind
        text = policy.text()
        let attributes = policy["Attributes"]
        switch kind {
        case .expiration:
            guard let time = attributes?["Timestamp"]?.string.flatMap(Timestamp.parse),
                let ms = Timestamp.milliseconds(time), ms > nowMs
            else { throw Self.invalid("The Timestamp of an Expiration policy must be a time in the future.") }
            self.ms = ms
        case .expirationNotification: ms = try Self.period(attributes, "Before")
        case .noChangeNotification: ms = try Self.period(attributes, "After")
        }
    }

    private static func period(_ attributes: JSON?, _ name: String) throws(AWSError) -> Int64 {
        let count = attributes?[name].flatMap { $0.string.flatMap { Int64($0) } ?? $0.int.map(Int64.init) }
        let units: [String: Int64] = ["days": 86_400_000, "hours": 3_600_000]
        guard let count, count > 0, count < 1_000_000,
            let unit = units[attributes?["Unit"]?.string?.lowercased() ?? ""]
        else { throw invalid("\(name) must be a number of Days or Hours.") }
        return count * unit
    }

    private static func invalid(_ message: String) -> AWSError { AWSError("InvalidPolicyAttributeException", message) }

    /// When it acts.
    func atMs(_ parameter: Parameter) -> Int64 {
        switch kind {
        case .expiration: ms
        case .expirationNotification: (parameter.policies.first { $0.kind == .expiration }?.ms ?? 0) - ms
        case .noChangeNotification: parameter.modifiedMs + ms
        }
    }

    func described(_ parameter: Parameter, nowMs: Int64) -> JSON {
        [
            "PolicyText": .string(text), "PolicyType": .string(kind.rawValue),
            "PolicyStatus": atMs(parameter) <= nowMs ? "Finished" : "Pending",
        ]
    }
}
