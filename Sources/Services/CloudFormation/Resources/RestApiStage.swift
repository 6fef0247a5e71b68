import BatonCore
import JSON

/// `AWS::ApiGateway::Deployment`. One that names a stage makes it, and takes it along.
struct RestApiDeployment: ResourceType {
    let name = "AWS::ApiGateway::Deployment"
    let attributes = ["DeploymentId"]
    let properties: [String: PropertyRule] = [
        "RestApiId": .replacing(.string, isRequired: true), "Description": .inPlace(.string),
        "StageName": .inPlace(.string), "StageDescription": .inPlace(.any),
        "DeploymentCanarySettings": .replacing(.any),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["restApiId": request["RestApiId"] ?? ""]
        input["description"] = request["Description"]
        if let stage = request["StageName"] {
            input["stageName"] = stage
            input["variables"] = request["StageDescription"]?["Variables"]
            input["stageDescription"] = request["StageDescription"]?["Description"]
        }
        let made = try await request.gateway("CreateDeployment", input)
        let id = made.text("id") ?? ""
        return ResourceResult(id, ["DeploymentId": .string(id)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await request.patch(
            "UpdateDeployment",
            ["restApiId": request["RestApiId"] ?? "", "deploymentId": .string(request.physicalId)],
            request.patches(from: old, ["Description": "/description"]))
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let api = request["RestApiId"] ?? ""
        if let stage = request["StageName"] {
            let place: JSON = ["restApiId": api, "stageName": stage]
            let found = try await request.gateway("GetStage", place, accepting: ["NotFoundException"])
            if found.text("deploymentId") == request.physicalId {
                try await request.gateway("DeleteStage", place, accepting: ["NotFoundException"])
            }
        }
        try await request.gateway(
            "DeleteDeployment", ["restApiId": api, "deploymentId": .string(request.physicalId)],
            accepting: ["NotFoundException"])
    }
}

/// `AWS::ApiGateway::Stage`. `Ref`: its name.
struct RestApiStage: ResourceType {
    let name = "AWS::ApiGateway::Stage"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "RestApiId": .replacing(.string, isRequired: true), "StageName": .replacing(.string),
        "DeploymentId": .inPlace(.string), "Description": .inPlace(.string), "Variables": .inPlace(.map(.string)),
        "MethodSettings": .inPlace(
            .list(
                .object([
                    "ResourcePath": .string, "HttpMethod": .string, "MetricsEnabled": .boolean,
                    "LoggingLevel": .string, "DataTraceEnabled": .boolean, "ThrottlingBurstLimit": .integer,
                    "ThrottlingRateLimit": .number, "CachingEnabled": .boolean, "CacheTtlInSeconds": .integer,
                    "CacheDataEncrypted": .boolean,
                ]))),
        "AccessLogSetting": .inPlace(.object(["DestinationArn": .string, "Format": .string])),
        "CacheClusterEnabled": .inPlace(.boolean), "CacheClusterSize": .inPlace(.string),
        "CanarySetting": .inPlace(.any), "ClientCertificateId": .inPlace(.string),
        "DocumentationVersion": .inPlace(.string), "Tags": .inPlace(.tags), "TracingEnabled": .inPlace(.boolean),
    ]

    private func stageName(_ request: ResourceRequest) -> JSON { request["StageName"] ?? "default" }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input: JSON = ["restApiId": request["RestApiId"] ?? "", "stageName": stageName(request)]
        let same = [
            "DeploymentId", "Description", "Variables", "CacheClusterEnabled", "CacheClusterSize", "TracingEnabled",
            "DocumentationVersion",
        ]
        for property in same { input[APIName.of(property)] = request[property] }
        if let tags = request["Tags"]?.array {
            input["tags"] = .object(JSON.Object(tags.map { ($0["Key"]?.string ?? "", $0["Value"] ?? "") }))
        }
        let name = stageName(request).string ?? ""
        try await request.make("apigateway", "CreateStage", input, exists: ["ConflictException"])
        request.progress.physicalId = name
        try await patch(request, settings(request, from: [:]))
        return ResourceResult(name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let paths = [
            "DeploymentId", "Description", "CacheClusterEnabled", "CacheClusterSize", "TracingEnabled",
            "DocumentationVersion",
        ].map { ($0, "/\(APIName.of($0))") }
        var patches = request.patches(from: old, Dictionary(uniqueKeysWithValues: paths))
        patches += request.patches(from: old["Variables"], to: request["Variables"], at: "/variables")
        try await patch(request, patches + settings(request, from: old))
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.gateway(
            "DeleteStage", ["restApiId": request["RestApiId"] ?? "", "stageName": .string(request.physicalId)],
            accepting: ["NotFoundException"])
    }

    private func patch(_ request: ResourceRequest, _ patches: [JSON]) async throws(ResourceFailure) {
        try await request.patch(
            "UpdateStage", ["restApiId": request["RestApiId"] ?? "", "stageName": stageName(request)], patches)
    }

    private static let settingPaths = [
        "MetricsEnabled": "metrics/enabled", "LoggingLevel": "logging/loglevel",
        "DataTraceEnabled": "logging/dataTrace", "ThrottlingBurstLimit": "throttling/burstLimit",
        "ThrottlingRateLimit": "throttling/rateLimit", "CachingEnabled": "caching/enabled",
        "CacheTtlInSeconds": "caching/ttlInSeconds", "CacheDataEncrypted": "caching/dataEncrypted",
    ]

    private func settings(_ request: ResourceRequest, from old: JSON) -> [JSON] {
        var patches: [JSON] = []
        if request["MethodSettings"] != old["MethodSettings"] {
            for setting in request["MethodSettings"]?.array ?? [] {
                let path = (setting["ResourcePath"]?.string ?? "/*").drop { $0 == "/" }
                // Templates write the slashes within a path as the API wants them.
                let place = "/\(path.replacing("/", with: "~1"))/\(setting["HttpMethod"]?.string ?? "*")"
                for (property, value) in setting.object ?? [:] {
                    guard let name = Self.settingPaths[property] else { continue }
                    patches.append([
                        "op": "replace", "path": .string("\(place)/\(name)"),
                        "value": .string(value.string ?? value.text()),
                    ])
                }
            }
        }
        if request["AccessLogSetting"] != old["AccessLogSetting"] {
            for (property, value) in request["AccessLogSetting"]?.object ?? [:] {
                let path = "/accessLogSettings/\(APIName.of(property))"
                patches.append(["op": "replace", "path": .string(path), "value": value])
            }
        }
        return patches
    }
}
