import AWSWire
import BatonCore

/// The errors of EventBridge, each with its code, status and message in one place.
///
/// Source: the API's model for codes; messages are those that AWS answers, unless marked `Assumed:`.
enum EventsError {
    static func validation(_ message: String) -> AWSError { AWSError("ValidationException", message) }

    static func notFound(_ message: String) -> AWSError { AWSError("ResourceNotFoundException", message) }

    static func noBus(_ name: String) -> AWSError { notFound("Event bus \(name) does not exist.") }

    static func noRule(_ name: String, _ bus: String) -> AWSError {
        notFound("Rule \(name) does not exist on EventBus \(bus).")
    }

    static func exists(_ message: String) -> AWSError { AWSError("ResourceAlreadyExistsException", message) }

    static func pattern(_ error: PatternError, _ text: String) -> AWSError {
        AWSError("InvalidEventPatternException", "Event pattern is not valid. Reason: \(error.message(showing: text))")
    }

    static let limit = AWSError(
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.")

    static func managed(_ rule: String, _ service: String) -> AWSError {
        AWSError(
            "ManagedRuleException", "Rule \(rule) is managed by \(service); use the parameter Force to change it.")
    }

    /// Assumed: the text.
    static let nextToken = validation("Parameter NextToken is not valid.")
    static func illegalStatus(_ message: String) -> AWSError { AWSError("IllegalStatusException", message) }
}
