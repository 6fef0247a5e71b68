import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Makes a key for callers, with the value given (20–128 characters) or a random one. Errors: ConflictException,
/// BadRequestException. Source: API reference, CreateApiKey.
enum CreateApiKey: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON
    private static let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let given = input["value"]?.string ?? ""
        let value = given.isEmpty ? context.random.text(40, of: alphabet) : given
        guard (20...128).contains(value.utf8.count) else {
            throw APIGatewayError.badRequest("API Key value should be at least 20 characters")
        }
        let now = JSON.number(Timestamp.number(context.nowMs))
        var key: JSON = [
            "id": .string(Changes.id(context, 10)), "value": .string(value), "name": "",
            "enabled": input["enabled"] ?? false, "createdDate": now, "lastUpdatedDate": now,
            "stageKeys": .array(
                (input["stageKeys"]?.array ?? []).map {
                    .string("\($0["restApiId"]?.string ?? "")/\($0["stageName"]?.string ?? "")")
                }),
            "tags": input["tags"] ?? [:],
        ]
        for member in ["name", "description", "customerId"] { key[member] = input[member] ?? key[member] }
        return Changes.write(.apiKey, input, context) { [key] shelf, transaction in
            guard try !shelf.all(.apiKey, transaction.db).contains(where: { $0["value"] == key["value"] }) else {
                throw APIGatewayError.conflict("API Key already exists")
            }
            try shelf.put(.apiKey, key["id"]?.string ?? "", key, transaction)
            return key
        }
    }
}

/// One key; its value only for those who ask. Source: API reference, GetApiKey.
enum GetApiKey: GettingPart {
    static let kind = PartKind.apiKey

    static func shown(_ part: JSON, _ input: JSON) -> JSON {
        var part = part
        if input["includeValue"]?.bool != true { part["value"] = nil }
        return part
    }
}

/// The keys of the account and region, by the beginning of their names where the request has one. Source: API
/// reference, GetApiKeys.
enum GetApiKeys: ListingParts {
    static let kind = PartKind.apiKey

    static func isWanted(_ part: JSON, _ input: JSON) -> Bool {
        (part["name"]?.string ?? "").hasPrefix(input["nameQuery"]?.string ?? "")
            && (input["customerId"] == nil || part["customerId"] == input["customerId"])
    }

    static func shown(_ part: JSON, _ input: JSON) -> JSON {
        var part = part
        if input["includeValues"]?.bool != true { part["value"] = nil }
        return part
    }
}

/// Changes a key. Source: API reference, UpdateApiKey.
enum UpdateApiKey: UpdatingPart {
    static let kind = PartKind.apiKey

    static func path(_ path: [String]) -> [String] { path.first == "stages" ? ["stageKeys"] + path.dropFirst() : path }

    static func shown(_ part: JSON, _ input: JSON) -> JSON {
        var part = part
        part["value"] = nil
        return part
    }
}

/// Removes a key, also from usage plans. Source: API reference, DeleteApiKey.
enum DeleteApiKey: DeletingPart {
    static let kind = PartKind.apiKey

    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        for plan in try shelf.all(.usagePlan, transaction.db) {
            let keys = Shelf(account: shelf.account, region: shelf.region, owner: plan["id"]?.string ?? "")
            try keys.remove(.usagePlanKey, part["id"]?.string ?? "", transaction)
        }
    }
}
