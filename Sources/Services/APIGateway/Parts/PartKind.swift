import AWSWire

/// What an account, an API or a usage plan has many of. Each is kept as the member tree of its Get operation.
struct PartKind: Sendable {
    enum Owner: Sendable { case account, api, usagePlan }

    /// In the table.
    let name: String
    let owner: Owner
    /// The member of inputs that names one.
    let input: String
    /// The member of its tree that is its id.
    let member: String
    /// The message about an id that names nothing.
    let missing: @Sendable (_ id: String) -> String

    private init(
        _ name: String, _ owner: Owner = .api, input: String, member: String = "id",
        missing: @escaping @Sendable (_ id: String) -> String
    ) {
        (self.name, self.owner, self.input, self.member, self.missing) = (name, owner, input, member, missing)
    }

    static let restApi = PartKind("api", .account, input: "restApiId") { "Invalid API identifier specified \($0)" }
    static let resource = PartKind("resource", input: "resourceId") { _ in "Invalid Resource identifier specified" }
    static let deployment = PartKind("deployment", input: "deploymentId") { _ in
        "Invalid Deployment identifier specified"
    }
    /// What a deployment serves: never changes, and goes with it.
    static let snapshot = PartKind("snapshot", input: "deploymentId") { _ in "Invalid Deployment identifier specified" }
    static let stage = PartKind("stage", input: "stageName", member: "stageName") { _ in
        "Invalid stage identifier specified"
    }
    static let model = PartKind("model", input: "modelName", member: "name") { "Invalid model name specified: \($0)" }
    static let requestValidator = PartKind("validator", input: "requestValidatorId") { _ in
        "Invalid Request Validator identifier specified"
    }
    static let authorizer = PartKind("authorizer", input: "authorizerId") { _ in
        "Invalid Authorizer identifier specified"
    }
    static let gatewayResponse = PartKind("response", input: "responseType", member: "responseType") { _ in
        "Invalid gateway response type specified"
    }
    static let apiKey = PartKind("key", .account, input: "apiKey") { _ in "Invalid API Key identifier specified" }
    static let usagePlan = PartKind("plan", .account, input: "usagePlanId") { _ in "Invalid Usage Plan ID specified" }
    static let usagePlanKey = PartKind("plankey", .usagePlan, input: "keyId") { _ in
        "Invalid API Key identifier specified"
    }
    static let account = PartKind("account", .account, input: "account") { _ in "Invalid account" }

    /// What makes up an API, and goes with it.
    static let ofApi = [
        resource, deployment, snapshot, stage, model, requestValidator, authorizer, gatewayResponse,
    ]
}
