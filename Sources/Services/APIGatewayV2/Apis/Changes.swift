import AWSWire
import BatonCore
import BatonStore
import JSON

/// The changes of APIs and of their parts, which are the same for all kinds.
enum Changes {
    private static let alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

    static func id(_ context: Context, _ length: Int = 7) -> String { context.random.text(length, of: alphabet) }

    /// Changes one API; the memory follows with the commit.
    static func write<T: Sendable>(
        _ apiId: String, _ context: Context, _ change: @escaping @Sendable (inout APIRecord, Transaction) throws -> T
    ) -> Write<T> {
        let apis = context.service(APIGatewayV2.self).apis
        return { transaction in
            var api = try APIRecord.require(apiId, context, transaction.db)
            let result = try change(&api, transaction)
            transaction.afterCommit { [api] in apis.put(api) }
            return result
        }
    }

    // MARK: Parts

    static func create(_ kind: PartKind, _ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = kind == .stage ? input["StageName"]?.string ?? "" : id(context)
        let nowMs = context.nowMs
        return write(input["ApiId"]?.string ?? "", context) { api, transaction in
            var part = Defaults.of(kind, nowMs)
            for (name, value) in input.object ?? [:] where name != "ApiId" { part[name] = value }
            part[kind.idMember] = .string(id)
            try PartRules.check(kind, part, id, api, isNew: true)
            if kind == .deployment { part["snapshot"] = snapshot(api) }
            try api.put(kind, id, part, transaction)
            if kind == .deployment, let name = input["StageName"]?.string {
                var stage = try api.part(.stage, name)
                stage["DeploymentId"] = .string(id)
                try api.put(.stage, name, stage, transaction)
            }
            return APIRecord.shown(part)
        }
    }

    static func update(_ kind: PartKind, _ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = input[kind.idMember]?.string ?? ""
        let nowMs = context.nowMs
        return write(input["ApiId"]?.string ?? "", context) { api, transaction in
            var part = try api.part(kind, id)
            for (name, value) in input.object ?? [:] where name != "ApiId" { part[name] = value }
            if kind == .stage { part["LastUpdatedDate"] = .number(Timestamp.number(nowMs)) }
            try PartRules.check(kind, part, id, api, isNew: false)
            try api.put(kind, id, part, transaction)
            return APIRecord.shown(part)
        }
    }

    static func delete(_ kind: PartKind, _ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let id = input[kind.idMember]?.string ?? ""
        return write(input["ApiId"]?.string ?? "", context) { api, transaction in
            _ = try api.part(kind, id)
            if kind == .integration,
                api.parts[.route]?.values.contains(where: { $0["Target"]?.string == "integrations/\(id)" }) == true
            {
                throw APIGatewayError.conflict(
                    "Cannot delete Integration '\(id)'. It is referenced by one or more Routes.")
            }
            try api.remove(kind, id, transaction)
            return Nothing()
        }
    }

    static func get(_ kind: PartKind, _ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let api = try context.read { try APIRecord.require(input["ApiId"]?.string ?? "", context, $0) }
        return APIRecord.shown(try api.part(kind, input[kind.idMember]?.string ?? ""))
    }

    static func list(_ kind: PartKind, _ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let api = try context.read { try APIRecord.require(input["ApiId"]?.string ?? "", context, $0) }
        let parts = (api.parts[kind] ?? [:]).sorted { $0.key < $1.key }
        return try page(parts.map { (key: $0.key, tree: APIRecord.shown($0.value)) }, input)
    }

    /// Assumed: 100 for each page unless the request says else.
    static func page(_ items: [(key: String, tree: JSON)], _ input: JSON) throws(AWSError) -> JSON {
        var start = ""
        if let token = input["NextToken"]?.string {
            guard let place = PageToken.decode(token)?.string else {
                throw APIGatewayError.badRequest("Invalid NextToken")
            }
            start = place
        }
        let limit = Int(input["MaxResults"]?.string ?? "") ?? 100
        let rest = items.filter { $0.key > start }
        let page = rest.prefix(max(1, limit))
        var output: JSON = ["Items": .array(page.map(\.tree))]
        if page.count < rest.count, let last = page.last {
            output["NextToken"] = .string(PageToken.encode(.string(last.key)))
        }
        return output
    }

    /// What a stage without automatic deployment serves.
    private static func snapshot(_ api: APIRecord) -> JSON {
        func parts(_ kind: PartKind) -> JSON {
            .object(JSON.Object((api.parts[kind] ?? [:]).map { ($0.key, $0.value) }))
        }
        return ["route": parts(.route), "integration": parts(.integration)]
    }
}

/// What parts have when a request does not say it.
enum Defaults {
    static func of(_ kind: PartKind, _ nowMs: Int64) -> JSON {
        let now = JSON.number(Timestamp.number(nowMs))
        switch kind {
        case .route: return ["ApiKeyRequired": false, "AuthorizationType": "NONE"]
        case .integration:
            return ["ConnectionType": "INTERNET", "PayloadFormatVersion": "1.0", "TimeoutInMillis": 30_000]
        case .stage:
            return [
                "AutoDeploy": false, "CreatedDate": now, "LastUpdatedDate": now, "RouteSettings": [:],
                "DefaultRouteSettings": ["DetailedMetricsEnabled": false], "StageVariables": [:], "Tags": [:],
            ]
        case .deployment:
            return ["AutoDeployed": false, "CreatedDate": now, "DeploymentStatus": "DEPLOYED"]
        }
    }
}

/// What parts must be.
enum PartRules {
    static func check(
        _ kind: PartKind, _ part: JSON, _ id: String, _ api: APIRecord, isNew: Bool
    ) throws(AWSError) {
        switch kind {
        case .route:
            let key = part["RouteKey"]?.string ?? ""
            guard RoutePattern(key) != nil else {
                throw APIGatewayError.badRequest(
                    "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> "
                        + "/<RESOURCE PATH>\" or \"$default\"")
            }
            let others = (api.parts[.route] ?? [:]).filter { $0.key != id }
            guard !others.values.contains(where: { $0["RouteKey"]?.string == key }) else {
                throw APIGatewayError.conflict("Route with key \(key) already exists for this API")
            }
            let type = part["AuthorizationType"]?.string ?? "NONE"
            guard type == "NONE" || type == "AWS_IAM" else {
                throw APIGatewayError.badRequest("Baton has no authorizers yet: AuthorizationType \(type)")
            }
        case .integration: try checkIntegration(part)
        case .stage:
            guard !isNew || api.parts[.stage]?[id] == nil else {
                throw APIGatewayError.conflict("Stage already exists")
            }
        case .deployment: break
        }
    }

    private static func checkIntegration(_ part: JSON) throws(AWSError) {
        let type = part["IntegrationType"]?.string ?? ""
        guard type == "AWS_PROXY" || type == "HTTP_PROXY" else {
            throw APIGatewayError.badRequest(
                "HTTP APIs have integrations of type AWS_PROXY and HTTP_PROXY, not \(type)")
        }
        if let subtype = part["IntegrationSubtype"]?.string {
            guard ServiceIntegration.operations[subtype] != nil else {
                throw APIGatewayError.badRequest(
                    "Invalid IntegrationSubtype \(subtype), or one that Baton does not have")
            }
        } else if part["IntegrationUri"]?.string?.isEmpty ?? true {
            throw APIGatewayError.badRequest("IntegrationUri must be specified for \(type)")
        }
        let version = part["PayloadFormatVersion"]?.string ?? "1.0"
        guard version == "1.0" || version == "2.0" else {
            throw APIGatewayError.badRequest("PayloadFormatVersion must be 1.0 or 2.0")
        }
    }
}
