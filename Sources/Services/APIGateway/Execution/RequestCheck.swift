import JSON

/// Checks a request against what its method requires, where a validator says so. Source: developer guide, request
/// validation.
enum RequestCheck {
    static func run(_ call: RestCall) throws(Refusal) {
        guard let validator = call.deployed.validator(call.tree["requestValidatorId"]) else { return }
        if validator["validateRequestParameters"]?.bool == true { try parameters(call) }
        if validator["validateRequestBody"]?.bool == true { try body(call) }
    }

    private static func parameters(_ call: RestCall) throws(Refusal) {
        let mapping = ParameterMapping(call: call, context: [:])
        let missing = (call.tree["requestParameters"]?.object ?? [:]).filter { name, isRequired in
            isRequired.bool == true && (mapping.value(name).map(ParameterMapping.text) ?? "").isEmpty
        }
        guard !missing.isEmpty else { return }
        let names = missing.map { $0.key.split(separator: ".").dropFirst(3).joined(separator: ".") }.sorted()
        throw Refusal(
            type: .badRequestParameters,
            message: "Missing required request parameters: [\(names.joined(separator: ", "))]")
    }

    private static func body(_ call: RestCall) throws(Refusal) {
        let models = call.tree["requestModels"]?.object ?? [:]
        guard let name = (models.caseless(call.contentType)?.value ?? models["$default"])?.string,
            let schema = call.deployed.models[name]
        else { return }
        let tree = call.body.isEmpty ? JSON.object([:]) : try? JSON.parse(call.body)
        let refusal = Refusal(type: .badRequestBody, message: "Invalid request body")
        guard let tree else { throw refusal }
        var check = JSONSchema(root: schema, models: call.deployed.models)
        guard let problem = check.problem(tree, schema) else { return }
        throw Refusal(type: .badRequestBody, message: "Invalid request body", details: "[\(problem)]")
    }
}
