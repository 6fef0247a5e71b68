import AWSWire
import BatonCore
import JSON

/// The filters of an event source mapping (Developer Guide, "Control which events Lambda sends to your function").
struct FilterCriteria: Sendable {
    private let patterns: [EventPattern]

    /// - Parameter criteria: `{Filters: [{Pattern: "…"}]}`.
    /// Errors: InvalidParameterValueException for a text that is no event pattern.
    init(_ criteria: JSON?) throws(AWSError) {
        var patterns: [EventPattern] = []
        for filter in criteria?["Filters"]?.array ?? [] {
            guard let pattern = try? EventPattern(filter["Pattern"]?.string ?? "") else {
                throw LambdaError.invalid("Invalid filter pattern definition.")
            }
            patterns.append(pattern)
        }
        self.patterns = patterns
    }

    /// Wants everything.
    init() { patterns = [] }

    /// Without patterns everything matches.
    func matches(_ event: JSON) -> Bool { patterns.isEmpty || patterns.contains { $0.matches(event) } }
}
