import AWSModel
import AWSWire
import JSON
import StatesLanguage

/// Compares a mocked result with the answer that the API of the state's resource has.
struct MockValidation {
    enum Mode: String, Codable, Sendable {
        /// Everything required is there and everything there fits.
        case strict = "STRICT"
        /// Everything there fits.
        case present = "PRESENT"
        case none = "NONE"
    }

    let mode: Mode

    /// Errors: ValidationException.
    func check(_ result: JSON, of resource: TaskResource) throws(AWSError) {
        // What comes back with a token or describes a job is not the answer of the call.
        guard mode != .none, resource.pattern == .requestResponse, let shape = Self.answer(of: resource) else {
            return
        }
        try check(result, shape, "")
    }

    private static func answer(of resource: TaskResource) -> Shape? {
        guard case .integration(let type, _) = resource.kind else { return nil }
        let names = [
            "states": "stepfunctions", "sfn": "stepfunctions", "cloudwatchlogs": "logs", "eventbridge": "events",
        ]
        let service = resource.sdkService ?? type
        guard let model = ServiceModel.named(names[service] ?? service), let first = resource.action.first else {
            return nil
        }
        return model.operations[first.uppercased() + resource.action.dropFirst()]?.output
    }

    private func check(_ value: JSON, _ shape: Shape, _ name: String) throws(AWSError) {
        switch shape.kind {
        case .structure: try checkMembers(value, shape, name)
        case .list:
            guard case .array(let elements) = value else { throw mismatch(name, "an array") }
            guard let element = shape.element?.shape else { return }
            for item in elements { try check(item, element, name) }
        case .map:
            guard case .object(let object) = value else { throw mismatch(name, "an object") }
            guard let inner = shape.value?.shape else { return }
            for (_, item) in object.members { try check(item, inner, name) }
        case .string, .timestamp:
            guard let text = value.string else { throw mismatch(name, "a string") }
            guard shape.allows(text) else {
                throw Self.error("Field '\(name)' is not an expected value")
            }
        case .integer, .long, .float, .double:
            guard case .number = value else { throw mismatch(name, "a number") }
        case .boolean:
            guard case .bool = value else { throw mismatch(name, "a boolean") }
        case .blob: return
        }
    }

    private func checkMembers(_ value: JSON, _ shape: Shape, _ name: String) throws(AWSError) {
        guard case .object(let object) = value else { throw mismatch(name, "an object") }
        if mode == .strict {
            for member in shape.requiredMembers where object[Self.cased(member.name)] == nil {
                throw Self.error("Required field '\(Self.cased(member.name))' is missing")
            }
        }
        for member in shape.members {
            let field = Self.cased(member.name)
            if let value = object[field] { try check(value, member.shape, field) }
        }
    }

    /// States see all members with a capital first letter.
    private static func cased(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    private func mismatch(_ name: String, _ kind: String) -> AWSError {
        Self.error("Field '\(name)' must be \(kind)")
    }

    private static func error(_ reason: String) -> AWSError {
        StepFunctionsError.validation("Mock result schema validation error: \(reason)")
    }
}
