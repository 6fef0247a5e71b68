import AWSWire
import BatonCore
import BatonStore

/// Disables a rule. Errors: ResourceNotFoundException, ManagedRuleException. Source: API reference, DisableRule.
enum DisableRule: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let eventBusName: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        RuleChange.prepare(input.name, input.eventBusName, context) { $0.state = "DISABLED" }
    }
}
