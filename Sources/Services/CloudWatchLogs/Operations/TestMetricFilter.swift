import AWSWire
import BatonCore
import BatonStore
import JSON

/// Tells which of up to 50 messages a pattern matches, and what it reads of them.
/// Errors: InvalidParameterException. Source: CloudWatch Logs API reference, TestMetricFilter.
enum TestMetricFilter: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let pattern = try FilterPattern(input["filterPattern"]?.string)
        let messages = (input["logEventMessages"]?.array ?? []).map { $0.string ?? "" }
        return [
            "matches": .array(
                messages.enumerated().filter { pattern.matches($0.element) }.map { index, message in
                    let values = pattern.values(message).sorted { $0.key < $1.key }
                    return [
                        "eventNumber": .number(index + 1), "eventMessage": .string(message),
                        "extractedValues": .object(JSON.Object(values.map { ($0.key, .string($0.value)) })),
                    ]
                })
        ]
    }
}
