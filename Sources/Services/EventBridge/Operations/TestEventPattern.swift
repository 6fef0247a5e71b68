import AWSWire
import BatonCore
import JSON

/// Whether a pattern wants an event. Errors: InvalidEventPatternException, ValidationException. Source: API reference,
/// TestEventPattern.
///
/// Assumed: the text for an event that is no JSON object, and that none of its members is required.
enum TestEventPattern: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let eventPattern: String
        let event: String
    }

    struct Output: Encodable, Sendable { let result: Bool }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let pattern: EventPattern
        do {
            pattern = try EventPattern(input.eventPattern)
        } catch {
            throw EventsError.pattern(error, input.eventPattern)
        }
        guard let event = try? JSON.parse(input.event), event.object != nil else {
            throw EventsError.validation("Parameter Event is not valid. Reason: It must be a JSON object.")
        }
        return Output(result: pattern.matches(event))
    }
}
