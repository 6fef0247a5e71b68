/// Checks the `Resource` of a Task state.
struct ResourceCheck {
    let type: WorkflowType

    func check(_ text: String, _ fields: Fields) {
        do {
            let resource = try TaskResource(text)
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
