import AWSWire
import BatonCore
import BatonStore

/// Changes, enables or disables a mapping; what the request does not name stays. The answer shows `Updating`,
/// `Enabling` or `Disabling`; the change is in force at once.
/// Errors: ResourceNotFoundException, InvalidParameterValueException.
/// Source: Lambda API reference, UpdateEventSourceMapping.
enum UpdateEventSourceMapping: Operation {
    struct Input: Decodable, Sendable {
        let uuid: String
        let functionName: String?
        let enabled: Bool?
        let settings: MappingInput

        private enum Key: String, CodingKey { case uuid, functionName, enabled }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            uuid = try members.decode(String.self, forKey: .uuid)
            functionName = try members.decodeIfPresent(String.self, forKey: .functionName)
            enabled = try members.decodeIfPresent(Bool.self, forKey: .enabled)
            settings = try MappingInput(from: decoder)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> MappingOutput {
        let lambda = context.service(Lambda.self)
        let function: FunctionReference?
        if let name = input.functionName { function = try FunctionReference(name, context) } else { function = nil }
        return try await context.write { transaction in
            guard var mapping = try Mapping.read(input.uuid, transaction.db) else {
                throw LambdaError.mappingNotFound()
            }
            if let function {
                _ = try transaction.db.resolve(function)
                mapping.function = function
            }
            try input.settings.apply(to: &mapping.settings, source: mapping.sourceArn)
            let was = mapping.isEnabled
            mapping.isEnabled = input.enabled ?? was
            mapping.modifiedMs = transaction.nowMs
            try mapping.store(transaction)
            transaction.afterCommit { [mapping] in lambda.pollers.follow(mapping) }
            let state = was == mapping.isEnabled ? "Updating" : mapping.isEnabled ? "Enabling" : "Disabling"
            return MappingOutput(mapping, state: state)
        }
    }
}
