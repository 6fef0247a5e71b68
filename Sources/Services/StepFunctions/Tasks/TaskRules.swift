import AWSModel
import JSON
import StatesLanguage

/// What the checker of definitions says of a task's resource and parameters before anything runs.
struct TaskRules: TaskChecking {
    /// - Returns: what is wrong with the parameters, in AWS's words, without the place.
    func problems(_ resource: TaskResource, _ parameters: JSON) -> [String] {
        guard parameters.object != nil, case .integration(let type, _) = resource.kind else {
            return []
        }
        switch type {
        case "http": return Self.problems(HTTPTask.names, parameters)
        case "apigateway": return Self.problems(GatewayTask.names, parameters)
        case "elasticmapreduce": return []
        default: break
        }
        guard let shape = Self.operation(resource)?.input else { return [] }
        return Self.problems(parameters, shape)
    }

    /// Whether the service is known and has no such operation. Of services that are not on board nobody can say.
    func isUnknown(_ resource: TaskResource) -> Bool {
        guard let name = resource.sdkService, let service = SDKServices.named(name) else { return false }
        // Of some services only a few operations are on board.
        guard !["ecs", "emr", "glue"].contains(service.id) else { return false }
        return service.operations[JavaName.capitalized(resource.action)] == nil
            || resource.action.first?.isUppercase == true
    }

    private static func operation(_ resource: TaskResource) -> OperationModel? {
        if let name = resource.sdkService {
            return SDKServices.named(name)?.operations[JavaName.capitalized(resource.action)]
        }
        guard let optimized = OptimizedCall.find(resource.resourceType, resource.action) else { return nil }
        return ServiceModel.named(optimized.service)?.operations[optimized.operation]
    }

    private static func problems(_ names: ParameterNames, _ parameters: JSON) -> [String] {
        names.problems(.object(JSON.Object((parameters.object ?? [:]).map { (name($0.key), $0.value) })))
    }

    /// `QueueUrl.$` is computed; in either language a text in `{% %}` is.
    private static func name(_ key: String) -> String { key.hasSuffix(".$") ? String(key.dropLast(2)) : key }

    private static func problems(_ value: JSON, _ shape: Shape) -> [String] {
        switch (value, shape.kind) {
        case (.object(let object), .structure):
            var problems: [String] = []
            var given: Set<String> = []
            for (key, value) in object {
                let name = name(key)
                guard let member = ParameterForm.member(name, shape) else {
                    problems.append("The field \"\(name)\" is not supported by Step Functions")
                    continue
                }
                given.insert(member.name)
                if key == name { problems += Self.problems(value, member.shape) }
            }
            for member in shape.requiredMembers where !given.contains(member.name) && !member.isIdempotencyToken {
                problems.append("The field '\(JavaName.capitalized(member.name))' is required but was missing")
            }
            return problems
        case (.object(let object), .map):
            guard let element = shape.value?.shape else { return [] }
            return object.flatMap { $0.key.hasSuffix(".$") ? [] : problems($0.value, element) }
        case (.array(let elements), .list):
            guard let element = shape.element?.shape else { return [] }
            return elements.flatMap { problems($0, element) }
        default: return []
        }
    }
}
