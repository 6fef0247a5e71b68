import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// Checks a definition without storing anything: errors, and warnings when `severity` is `WARNING`; up to `maxResults`
/// (1–100; 0 and absent: 100). Warnings alone leave the result `OK`.
/// Errors: ValidationException. Source: Step Functions API reference, ValidateStateMachineDefinition.
enum ValidateStateMachineDefinition: Operation {
    struct Input: Decodable, Sendable {
        let definition: String
        let type: MachineType?
        let severity: String?
        let maxResults: Int?
    }
    struct Finding: Encodable, Sendable {
        let severity: String
        let code: String
        let message: String
        let location: String?
    }
    struct Output: Encodable, Sendable {
        let result: String
        let diagnostics: [Finding]
        let truncated: Bool
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let all = Definition.check(input.definition, type: input.type ?? .standard, tasks: TaskRules())
        let asked = all.filter { $0.severity == .error || input.severity == "WARNING" }
        let limit = input.maxResults.flatMap { $0 > 0 ? $0 : nil } ?? 100
        return Output(
            result: all.contains { $0.severity == .error } ? "FAIL" : "OK",
            diagnostics: asked.prefix(limit).map {
                Finding(
                    severity: $0.severity.rawValue, code: $0.code.rawValue, message: $0.message, location: $0.location)
            }, truncated: asked.count > limit)
    }
}
