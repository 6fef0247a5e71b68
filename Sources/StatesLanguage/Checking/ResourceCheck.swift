import JSON

/// Checks the `Resource` of a Task state, and its parameters as far as they are written out.
struct ResourceCheck {
    let type: WorkflowType
    let tasks: (any TaskChecking)?

    func check(_ text: String, _ fields: Fields) {
        do throws(TaskResource.Refusal) {
            let resource = try TaskResource(text)
            if tasks?.isUnknown(resource) == true { throw .notRecognized(text) }
            for name in ["Parameters", "Arguments"] {
                guard let parameters = fields.object[name] else { continue }
                for problem in tasks?.problems(resource, parameters) ?? [] { fields.error(problem, name) }
            }
            guard type == .express else { return }
            if case .activity = resource.kind {
                fields.error("Express state machine does not support Activity ARN", "Resource")
            } else if resource.pattern != .requestResponse {
                let pattern = resource.pattern == .sync2 ? TaskResource.Pattern.sync : resource.pattern
                fields.error(
                    "Express state machine does not support '\(pattern.rawValue)' service integration", "Resource")
            }
        } catch {
            fields.error(error.message, "Resource")
        }
    }
}
