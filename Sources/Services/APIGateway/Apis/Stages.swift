import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a stage that serves a deployment. Errors: NotFoundException, ConflictException, BadRequestException. Source:
/// API reference, CreateStage.
enum CreateStage: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let now = JSON.number(Timestamp.number(context.nowMs))
        return Changes.write(.stage, input, context) { shelf, transaction in
            let name = input["stageName"]?.string ?? ""
            var stage = StageRules.new(input, now)
            for (member, value) in input.object ?? [:] where member != "restApiId" { stage[member] = value }
            try StageRules.check(stage)
            _ = try shelf.require(.deployment, input["deploymentId"]?.string ?? "", transaction.db)
            guard try shelf.find(.stage, name, transaction.db) == nil else {
                throw APIGatewayError.conflict("Stage already exists")
            }
            try shelf.put(.stage, name, stage, transaction)
            return stage
        }
    }
}

/// One stage. Source: API reference, GetStage.
enum GetStage: GettingPart { static let kind = PartKind.stage }

/// The stages of an API, or those that serve one deployment; not page by page. Source: API reference, GetStages.
enum GetStages: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(.stage, input, context)
        let stages = try context.read { db in
            _ = try shelf.api(db)
            return try shelf.all(.stage, db)
        }
        let wanted = stages.filter { input["deploymentId"] == nil || $0["deploymentId"] == input["deploymentId"] }
        return ["item": .array(wanted)]
    }
}

/// Changes a stage: variables, settings of methods, the deployment that it serves. Source: API reference, UpdateStage.
enum UpdateStage: UpdatingPart {
    static let kind = PartKind.stage

    /// `/{resource}/{method}/throttling/rateLimit` and the like are settings of methods, kept by `{resource}/{method}` as
    /// the path has it.
    static func path(_ path: [String]) -> [String] {
        guard path.count == 4 || path.count == 2, !StageRules.objects.contains(path[0]) else { return path }
        let method = "\(path[0].replacing("~", with: "~0"))~1\(path[1])"
        guard path.count == 4 else { return ["methodSettings", method] }
        return ["methodSettings", method, StageRules.settings["\(path[2])/\(path[3])"] ?? path[3]]
    }

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try StageRules.check(part)
        if part["deploymentId"] != old["deploymentId"] {
            _ = try shelf.require(.deployment, part["deploymentId"]?.string ?? "", transaction.db)
        }
    }
}

/// Removes a stage. Source: API reference, DeleteStage.
enum DeleteStage: DeletingPart { static let kind = PartKind.stage }

/// Does nothing, since answers are not cached here. Errors: NotFoundException. Source: API reference, FlushStageCache.
enum FlushStageCache: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Changes.write(.stage, input, context) { shelf, transaction in
            _ = try shelf.require(.stage, input["stageName"]?.string ?? "", transaction.db)
            return Nothing()
        }
    }
}

/// Forgets what authorizers have said. Errors: NotFoundException. Source: API reference, FlushStageAuthorizersCache.
enum FlushStageAuthorizersCache: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let verdicts = context.service(APIGateway.self).live.verdicts
        return Changes.write(.stage, input, context) { shelf, transaction in
            _ = try shelf.require(.stage, input["stageName"]?.string ?? "", transaction.db)
            transaction.afterCommit { verdicts.forget(api: shelf.owner) }
            return Nothing()
        }
    }
}

enum StageRules {
    static func new(_ input: JSON, _ now: JSON) -> JSON {
        [
            "deploymentId": "", "stageName": input["stageName"] ?? "", "cacheClusterEnabled": false,
            "cacheClusterStatus": "NOT_AVAILABLE", "methodSettings": [:], "tracingEnabled": false, "tags": [:],
            "createdDate": now, "lastUpdatedDate": now,
        ]
    }

    /// Members of stages whose paths have two parts.
    static let objects: Set<String> = ["variables", "accessLogSettings", "canarySettings", "tags"]

    /// How patch operations name settings of methods.
    static let settings = [
        "metrics/enabled": "metricsEnabled", "logging/loglevel": "loggingLevel",
        "logging/dataTrace": "dataTraceEnabled", "throttling/burstLimit": "throttlingBurstLimit",
        "throttling/rateLimit": "throttlingRateLimit", "caching/enabled": "cachingEnabled",
        "caching/ttlInSeconds": "cacheTtlInSeconds", "caching/dataEncrypted": "cacheDataEncrypted",
        "caching/requireAuthorizationForCacheControl": "requireAuthorizationForCacheControl",
        "caching/unauthorizedCacheControlHeaderStrategy": "unauthorizedCacheControlHeaderStrategy",
    ]

    /// Names are letters, digits, `-` and `_`; values of variables have a set of characters of their own.
    static func check(_ stage: JSON) throws(AWSError) {
        func isWord(_ text: String, _ others: String) -> Bool {
            !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: others.utf8.contains(byte)
                    }
                }
        }
        guard isWord(stage["stageName"]?.string ?? "", "-_") else {
            throw APIGatewayError.badRequest("Stage name only allows a-zA-Z0-9_-")
        }
        for (name, value) in stage["variables"]?.object ?? [:] {
            guard isWord(name, "_") else {
                throw APIGatewayError.badRequest("Stage variable name only allows a-zA-Z0-9_: \(name)")
            }
            guard let text = value.string, isWord(text, "-._~:/?#&=,") || text.isEmpty else {
                throw APIGatewayError.badRequest(
                    "Stage variable value only allows a-zA-Z0-9-._~:/?#&=, characters: \(name)")
            }
        }
    }
}
