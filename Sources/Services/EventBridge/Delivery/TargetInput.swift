import Crypto
import JSON

/// What a target gets of an event: all of it, a part, a constant, or a filled template.
struct TargetInput {
    let text: String
    let event: JSON
    let rule: Rule

    init(_ target: Target, event: JSON, text: String, rule: Rule, ingestedMs: Int64) {
        self.event = event
        self.rule = rule
        if let constant = target.settings["Input"]?.string {
            self.text = constant
        } else if let path = target.settings["InputPath"]?.string.flatMap({ EventPath($0) }) {
            // Assumed: a path that leads nowhere gives null.
            self.text = (path.value(in: event) ?? .null).text()
        } else if let transformer = target.settings["InputTransformer"] {
            self.text = InputTransformer(transformer).text(event, rule, ingestedMs: ingestedMs)
        } else {
            self.text = text
        }
    }

    /// 32 hexadecimal digits that tell this target of this rule from all others.
    func digest(of target: Target) -> String {
        Insecure.MD5.hash(data: Array("\(rule.arn) \(target.id)".utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    /// As JSON; a text that is none is a JSON text.
    var json: JSON { (try? JSON.parse(text)) ?? .string(text) }
}
