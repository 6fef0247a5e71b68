import BatonCore
import JSON

/// `AWS::StepFunctions::StateMachineAlias`. `Ref`: the ARN. With a `DeploymentPreference` a new version takes over
/// little by little; the update goes on until it has. Alarms of the preference are kept with the stack, there is
/// nothing that could raise one.
struct StepFunctionsAlias: ResourceType {
    let name = "AWS::StepFunctions::StateMachineAlias"
    let nameProperty: String? = "Name"
    let nameLimit = 80
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Description": .inPlace(.string),
        "RoutingConfiguration": .inPlace(.list(.object(["StateMachineVersionArn": .string, "Weight": .integer]))),
        "DeploymentPreference": .inPlace(
            .object([
                "StateMachineVersionArn": .string, "Type": .string, "Percentage": .integer, "Interval": .integer,
                "Alarms": .list(.string),
            ])),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["name": .string(request.name("Name"))]
        if let routes = request["RoutingConfiguration"].map(APIName.deep) {
            input["routingConfiguration"] = routes
        } else {
            input["routingConfiguration"] = try AliasShift(request).all
        }
        input["description"] = request["Description"]
        let answer = try await request.call("stepfunctions", "CreateStateMachineAlias", input)
        let arn = answer.text("stateMachineAliasArn") ?? ""
        return ResourceResult(arn, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        if let routes = request["RoutingConfiguration"].map(APIName.deep) {
            try await route(routes, request)
            return ResourceResult(request.physicalId, request.attributes)
        }
        let shift = try AliasShift(request)
        let routes = try await describe(request)["routingConfiguration"] ?? []
        if request.stack.lifecycle?.phase == .rollback {
            try await route(shift.all, request)
        } else if !(request.isRetry && shift.weight(in: routes) > 0) {
            try await route(shift.next(after: routes), request)
        }
        return try await check(request)
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var result = ResourceResult(request.physicalId, request.attributes)
        guard request["RoutingConfiguration"] == nil else { return result }
        let shift = try AliasShift(request)
        let alias = try await describe(request)
        let routes = alias["routingConfiguration"] ?? []
        guard shift.weight(in: routes) < 100 else { return result }
        let nextMs = Int64((alias["updateDate"]?.double ?? 0) * 1000) + shift.intervalMs
        guard nextMs <= request.context.nowMs else {
            result.pending = .afterMs(nextMs - request.context.nowMs)
            return result
        }
        let next = shift.next(after: routes)
        try await route(next, request)
        if shift.weight(in: next) < 100 { result.pending = .afterMs(shift.intervalMs) }
        return result
    }

    private func describe(_ request: ResourceRequest) async throws(ResourceFailure) -> JSON {
        try await request.call(
            "stepfunctions", "DescribeStateMachineAlias", ["stateMachineAliasArn": .string(request.physicalId)]
        ).tree
    }

    private func route(_ routes: JSON, _ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "UpdateStateMachineAlias",
            [
                "stateMachineAliasArn": .string(request.physicalId), "description": request["Description"] ?? "",
                "routingConfiguration": routes,
            ])
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "DeleteStateMachineAlias", ["stateMachineAliasArn": .string(request.physicalId)],
            accepting: ["ResourceNotFound", "InvalidArn"])
    }
}

/// How an alias goes over to another version.
///
/// `CANARY` gives it a share first and the rest after one interval; `LINEAR` that share with every interval.
/// Source: CloudFormation template reference, AWS::StepFunctions::StateMachineAlias DeploymentPreference.
struct AliasShift: Sendable, Equatable {
    enum Kind: String, Sendable { case allAtOnce = "ALL_AT_ONCE", canary = "CANARY", linear = "LINEAR" }

    let version: String
    let kind: Kind
    /// The share of one step, percent.
    let percentage: Int
    let intervalMs: Int64

    /// Errors: where `Type` is no such word, or lacks its `Percentage` (1–99) or `Interval` (minutes). Assumed: the
    /// messages.
    init(_ preference: JSON) throws(ResourceFailure) {
        guard let version = preference["StateMachineVersionArn"]?.string else {
            throw ResourceFailure(reason: "StateMachineVersionArn is required in DeploymentPreference")
        }
        guard let kind = Kind(rawValue: preference["Type"]?.string ?? "ALL_AT_ONCE") else {
            throw ResourceFailure(reason: "Type must be one of LINEAR, ALL_AT_ONCE, CANARY")
        }
        self.version = version
        self.kind = kind
        percentage = kind == .allAtOnce ? 100 : preference["Percentage"]?.int ?? 0
        let minutes = kind == .allAtOnce ? 0 : preference["Interval"]?.int ?? 0
        guard kind == .allAtOnce || (1...99).contains(percentage) && (1...2100).contains(minutes) else {
            throw ResourceFailure(
                reason: "\(kind.rawValue) needs a Percentage between 1 and 99 and an Interval between 1 and 2100")
        }
        intervalMs = Int64(minutes) * 60_000
    }

    fileprivate init(_ request: ResourceRequest) throws(ResourceFailure) {
        guard let preference = request["DeploymentPreference"] else {
            throw ResourceFailure(
                reason: "Exactly one of RoutingConfiguration and DeploymentPreference must be given")
        }
        try self.init(preference)
    }

    /// Everything to the new version.
    var all: JSON { [["stateMachineVersionArn": .string(version), "weight": 100]] }

    /// What the new version has of a routing configuration, percent.
    func weight(in routes: JSON) -> Int {
        routes.array?.first { $0["stateMachineVersionArn"]?.string == version }?["weight"]?.int ?? 0
    }

    /// The routing configuration of the next step.
    func next(after routes: JSON) -> JSON {
        let weight = weight(in: routes)
        let others = (routes.array ?? []).filter { $0["stateMachineVersionArn"]?.string != version }
        let grown = kind == .canary && weight > 0 ? 100 : weight + percentage
        guard let old = others.max(by: { ($0["weight"]?.int ?? 0) < ($1["weight"]?.int ?? 0) }), grown < 100,
            let oldVersion = old["stateMachineVersionArn"]
        else { return all }
        return [
            ["stateMachineVersionArn": .string(version), "weight": .number(grown)],
            ["stateMachineVersionArn": oldVersion, "weight": .number(100 - grown)],
        ]
    }
}
