import AWSWire
import JSON

/// The `Rules` section: assertions about parameters. Source: user guide, Rules.
enum Rules {
    static func check(_ rules: JSON.Object, _ declared: [Parameter], _ evaluator: Evaluator) throws(AWSError) {
        let conditions = ConditionEvaluator(evaluator)
        for (name, rule) in rules {
            if let condition = rule["RuleCondition"], try !conditions.bool(condition) { continue }
            guard let assertions = rule["Assertions"]?.array else {
                throw CloudFormationError.format("Rule \(name) must contain Assertions")
            }
            for assertion in assertions {
                guard let test = assertion["Assert"] else {
                    throw CloudFormationError.format("Every assertion of rule \(name) must contain Assert")
                }
                guard try !conditions.bool(test) else { continue }
                let reason = assertion["AssertDescription"]?.string ?? test.text()
                throw CloudFormationError.validation("Template error: Rule \(name) failed: \(reason)")
            }
        }
    }
}
