import AWSWire
import StatesLanguage

/// What CreateStateMachine and UpdateStateMachine ask of a definition.
enum DefinitionCheck {
    /// Errors: InvalidDefinition, with what the checker finds.
    static func check(_ text: String, type: MachineType) throws(AWSError) {
        do {
            _ = try Definition(parsing: text, type: type, tasks: TaskRules())
        } catch {
            throw AWSError("InvalidDefinition", error.message)
        }
    }
}
