import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Makes a usage plan: which keys may call which stages. Limits of rates and quotas are kept and have no effect. Errors:
/// NotFoundException, BadRequestException. Source: API reference, CreateUsagePlan.
enum CreateUsagePlan: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        var plan = input
        let id = Changes.id(context)
        plan["id"] = .string(id)
        plan["apiStages"] = input["apiStages"] ?? []
        return Changes.write(.usagePlan, input, context) { [plan] shelf, transaction in
            try UsagePlanRules.check(plan, shelf, transaction.db)
            try shelf.put(.usagePlan, id, plan, transaction)
            return plan
        }
    }
}

/// One usage plan. Source: API reference, GetUsagePlan.
enum GetUsagePlan: GettingPart { static let kind = PartKind.usagePlan }

/// The usage plans, or those of one key. Source: API reference, GetUsagePlans.
enum GetUsagePlans: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(context)
        let plans = try context.read { db in
            try shelf.all(.usagePlan, db).filter { plan in
                guard let key = input["keyId"]?.string else { return true }
                return try Shelf(context, owner: plan["id"]?.string ?? "").find(.usagePlanKey, key, db) != nil
            }
        }
        return try Page.of(plans, "id", input)
    }
}

/// Changes a usage plan. Source: API reference, UpdateUsagePlan.
enum UpdateUsagePlan: UpdatingPart {
    static let kind = PartKind.usagePlan

    /// `/apiStages/{api:stage}/throttle/{resource}/{method}/rateLimit`: limits are kept by `{resource}/{method}`.
    static func path(_ path: [String]) -> [String] {
        guard path.count > 4, path[0] == "apiStages", path[2] == "throttle" else { return path }
        return Array(path[..<3]) + ["\(path[3])~1\(path[4])"] + path[5...]
    }

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try UsagePlanRules.check(part, shelf, transaction.db)
    }
}

/// Removes a usage plan that no longer has stages. Errors: NotFoundException, BadRequestException. Source: API
/// reference, DeleteUsagePlan.
enum DeleteUsagePlan: DeletingPart {
    static let kind = PartKind.usagePlan

    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws {
        let existing = try (part["apiStages"]?.array ?? []).filter { try UsagePlanRules.stage($0, shelf, db) != nil }
        guard existing.isEmpty else {
            throw APIGatewayError.badRequest(
                "Cannot delete Usage Plan \(part["id"]?.string ?? ""), please remove all API stages from this usage plan first."
            )
        }
    }

    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        let keys = Shelf(account: shelf.account, region: shelf.region, owner: part["id"]?.string ?? "")
        try keys.removeAll(.usagePlanKey, transaction)
    }
}

enum UsagePlanRules {
    static func stage(_ place: JSON, _ shelf: Shelf, _ db: Database) throws -> JSON? {
        let api = Shelf(account: shelf.account, region: shelf.region, owner: place["apiId"]?.string ?? "")
        return try api.find(.stage, place["stage"]?.string ?? "", db)
    }

    static func check(_ plan: JSON, _ shelf: Shelf, _ db: Database) throws {
        for place in plan["apiStages"]?.array ?? [] where try stage(place, shelf, db) == nil {
            throw APIGatewayError.notFound(
                "API Stage not found: \(place["apiId"]?.string ?? ""):\(place["stage"]?.string ?? "")")
        }
        if let quota = plan["quota"], let period = quota["period"]?.string, !["DAY", "WEEK", "MONTH"].contains(period) {
            throw APIGatewayError.badRequest("Usage Plan quota period must be DAY, WEEK or MONTH")
        }
    }
}

// MARK: - Keys of plans

/// Lets a key use a plan. Errors: NotFoundException, ConflictException. Source: API reference, CreateUsagePlanKey.
enum CreateUsagePlanKey: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard input["keyType"] == "API_KEY" else {
            throw APIGatewayError.badRequest("Usage Plan Key type must be API_KEY")
        }
        let id = input["keyId"]?.string ?? ""
        return Changes.write(.usagePlanKey, input, context) { shelf, transaction in
            let key = try Shelf(context).require(.apiKey, id, transaction.db)
            guard try shelf.find(.usagePlanKey, id, transaction.db) == nil else {
                throw APIGatewayError.conflict(
                    "\(id) cannot be subscribed to usage plan \(shelf.owner), which it already has")
            }
            var link: JSON = ["id": .string(id), "type": "API_KEY"]
            link["value"] = key["value"]
            link["name"] = key["name"]
            try shelf.put(.usagePlanKey, id, link, transaction)
            return link
        }
    }
}

/// One key of a plan. Source: API reference, GetUsagePlanKey.
enum GetUsagePlanKey: GettingPart { static let kind = PartKind.usagePlanKey }

/// The keys of a plan. Source: API reference, GetUsagePlanKeys.
enum GetUsagePlanKeys: ListingParts {
    static let kind = PartKind.usagePlanKey

    static func isWanted(_ part: JSON, _ input: JSON) -> Bool {
        (part["name"]?.string ?? "").hasPrefix(input["nameQuery"]?.string ?? "")
    }
}

/// Takes a key from a plan. Source: API reference, DeleteUsagePlanKey.
enum DeleteUsagePlanKey: DeletingPart { static let kind = PartKind.usagePlanKey }

/// Nothing, since calls are not counted. Errors: NotFoundException. Source: API reference, GetUsage.
enum GetUsage: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let plan = input["usagePlanId"]?.string ?? ""
        _ = try context.read { try Shelf(context).require(.usagePlan, plan, $0) }
        return [
            "usagePlanId": .string(plan), "startDate": input["startDate"] ?? "", "endDate": input["endDate"] ?? "",
            "items": [:],
        ]
    }
}
