import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Keeps the API as it is, for stages to serve; with a stage name also makes that stage or lets it serve this.
/// Errors: NotFoundException, BadRequestException. Source: API reference, CreateDeployment.
enum CreateDeployment: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = Changes.id(context)
        let now = JSON.number(Timestamp.number(context.nowMs))
        return Changes.write(.deployment, input, context) { shelf, transaction in
            let snapshot = try Snapshot.take(shelf, transaction.db)
            var deployment: JSON = ["id": .string(id), "createdDate": now]
            deployment["description"] = input["description"]
            deployment["apiSummary"] = Snapshot.summary(snapshot)
            try shelf.put(.snapshot, id, snapshot, transaction)
            try shelf.put(.deployment, id, deployment, transaction)
            if let name = input["stageName"]?.string, !name.isEmpty {
                try serve(id, on: name, input, now, shelf, transaction)
            }
            return DeploymentView.shown(deployment, [:])
        }
    }

    private static func serve(
        _ id: String, on name: String, _ input: JSON, _ now: JSON, _ shelf: Shelf, _ transaction: Transaction
    ) throws {
        var stage = try shelf.find(.stage, name, transaction.db) ?? StageRules.new(input, now)
        stage["deploymentId"] = .string(id)
        stage["lastUpdatedDate"] = now
        if let description = input["stageDescription"] { stage["description"] = description }
        for member in ["variables", "cacheClusterEnabled", "cacheClusterSize", "tracingEnabled", "canarySettings"] {
            if let value = input[member] { stage[member] = value }
        }
        try StageRules.check(stage)
        try shelf.put(.stage, name, stage, transaction)
    }
}

enum DeploymentView {
    /// The summary of methods only for those who ask.
    static func shown(_ part: JSON, _ input: JSON) -> JSON {
        guard input["embed"]?.array?.contains("apisummary") != true else { return part }
        var part = part
        part["apiSummary"] = nil
        return part
    }
}

/// One deployment. Source: API reference, GetDeployment.
enum GetDeployment: GettingPart {
    static let kind = PartKind.deployment
    static func shown(_ part: JSON, _ input: JSON) -> JSON { DeploymentView.shown(part, input) }
}

/// The deployments of an API. Source: API reference, GetDeployments.
enum GetDeployments: ListingParts {
    static let kind = PartKind.deployment
    static func shown(_ part: JSON, _ input: JSON) -> JSON { DeploymentView.shown(part, input) }
}

/// Changes the description of a deployment. Source: API reference, UpdateDeployment.
enum UpdateDeployment: UpdatingPart {
    static let kind = PartKind.deployment
    static func shown(_ part: JSON, _ input: JSON) -> JSON { DeploymentView.shown(part, input) }
}

/// Removes a deployment that no stage serves. Errors: NotFoundException, BadRequestException. Source: API reference,
/// DeleteDeployment.
enum DeleteDeployment: DeletingPart {
    static let kind = PartKind.deployment

    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws {
        guard try !shelf.all(.stage, db).contains(where: { $0["deploymentId"] == part["id"] }) else {
            throw APIGatewayError.badRequest(
                "Active stages pointing to this deployment must be moved or deleted")
        }
    }

    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try shelf.remove(.snapshot, part["id"]?.string ?? "", transaction)
    }
}

/// An API as a deployment keeps it: `{api, resource: [], model: [] …}`.
enum Snapshot {
    private static let kinds: [PartKind] = [.resource, .model, .requestValidator, .authorizer, .gatewayResponse]

    static func take(_ shelf: Shelf, _ db: Database) throws -> JSON {
        var snapshot: JSON = ["api": try shelf.api(db)]
        for kind in kinds { snapshot[kind.name] = .array(try shelf.all(kind, db)) }
        let methods = (snapshot["resource"]?.array ?? []).flatMap { $0["resourceMethods"]?.object?.values ?? [] }
        guard !methods.isEmpty else {
            throw APIGatewayError.badRequest("The REST API doesn't contain any methods")
        }
        guard methods.allSatisfy({ $0["methodIntegration"] != nil }) else {
            throw APIGatewayError.badRequest("No integration defined for method")
        }
        return snapshot
    }

    static func summary(_ snapshot: JSON) -> JSON {
        var paths = JSON.Object()
        for resource in snapshot["resource"]?.array ?? [] {
            let methods = (resource["resourceMethods"]?.object ?? [:]).map { name, method -> (String, JSON) in
                (
                    name,
                    [
                        "authorizationType": method["authorizationType"] ?? "NONE",
                        "apiKeyRequired": method["apiKeyRequired"] ?? false,
                    ]
                )
            }
            if !methods.isEmpty { paths[resource["path"]?.string ?? ""] = .object(JSON.Object(methods)) }
        }
        return .object(paths)
    }
}
