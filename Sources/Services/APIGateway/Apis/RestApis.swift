import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes an API with its root resource and the models `Empty` and `Error`. Errors: BadRequestException. Source: API
/// reference, CreateRestApi.
enum CreateRestApi: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard input["cloneFrom"] == nil else {
            throw APIGatewayError.badRequest("Baton does not clone APIs: export one and import it")
        }
        let tree = try RestApi.new(input, context)
        let shelf = Shelf(context, owner: tree["id"]?.string ?? "")
        let models = DefaultModels.all(context)
        let live = context.service(APIGateway.self).live
        return { transaction in
            try RestApi.add(tree, models, shelf, context, transaction)
            transaction.afterCommit { live.forget(api: shelf.owner, account: shelf.account, region: shelf.region) }
            return tree
        }
    }
}

/// One API. Errors: NotFoundException. Source: API reference, GetRestApi.
enum GetRestApi: GettingPart { static let kind = PartKind.restApi }

/// The APIs of the account and region. Source: API reference, GetRestApis.
enum GetRestApis: ListingParts { static let kind = PartKind.restApi }

/// Changes an API by patch operations. Source: API reference, UpdateRestApi.
enum UpdateRestApi: UpdatingPart {
    static let kind = PartKind.restApi

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try RestApi.check(part)
    }
}

/// Removes an API with all that it consists of. Errors: NotFoundException. Source: API reference, DeleteRestApi.
enum DeleteRestApi: DeletingPart {
    static let kind = PartKind.restApi

    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        let own = Shelf(account: shelf.account, region: shelf.region, owner: part["id"]?.string ?? "")
        for kind in PartKind.ofApi { try own.removeAll(kind, transaction) }
    }
}

enum RestApi {
    private static let kept = [
        "name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource",
        "endpointConfiguration", "policy", "tags", "disableExecuteApiEndpoint", "securityPolicy", "endpointAccessMode",
    ]

    /// The tree of a new API. Its tag `_custom_id_` names the id that existing tools would give it.
    static func new(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let custom = input["tags"]?["_custom_id_"]?.string.map { $0.lowercased() }
        var tree: JSON = [
            "id": .string(custom ?? Changes.id(context, 10)), "name": "",
            "createdDate": .number(Timestamp.number(context.nowMs)),
            "apiKeySource": "HEADER", "endpointConfiguration": ["types": ["EDGE"], "ipAddressType": "ipv4"],
            "tags": [:], "disableExecuteApiEndpoint": false, "rootResourceId": .string(Changes.id(context, 10)),
        ]
        for name in kept { if let value = input[name] { tree[name] = value } }
        if tree["endpointConfiguration"]?["ipAddressType"] == nil {
            tree["endpointConfiguration"]?["ipAddressType"] = "ipv4"
        }
        try check(tree)
        return tree
    }

    static func check(_ tree: JSON) throws(AWSError) {
        guard tree["name"]?.string?.isEmpty == false else {
            throw APIGatewayError.badRequest("Invalid REST API name specified")
        }
        let size = tree["minimumCompressionSize"]?.int ?? 0
        guard (0...10_485_760).contains(size) else {
            throw APIGatewayError.badRequest(
                "Invalid minimum compression size, must be between 0 and 10485760")
        }
        let types = tree["endpointConfiguration"]?["types"]?.array ?? []
        guard types.count == 1 else {
            throw APIGatewayError.badRequest("Only one endpoint type can be specified for an API")
        }
    }

    static func add(
        _ tree: JSON, _ models: [JSON], _ shelf: Shelf, _ context: Context, _ transaction: Transaction
    ) throws {
        guard try Shelf.place(ofApi: shelf.owner, transaction.db) == nil else {
            throw APIGatewayError.conflict("An API with the id \(shelf.owner) exists")
        }
        try Shelf(context).put(.restApi, shelf.owner, tree, transaction)
        let root = tree["rootResourceId"]?.string ?? ""
        try shelf.put(.resource, root, ["id": .string(root), "path": "/"], transaction)
        for model in models { try shelf.put(.model, model["name"]?.string ?? "", model, transaction) }
    }
}

/// The models that every API begins with.
enum DefaultModels {
    private static let error: JSON = [
        "$schema": "http://json-schema.org/draft-04/schema#", "title": "Error Schema", "type": "object",
        "properties": ["message": ["type": "string"]],
    ]
    private static let empty: JSON = [
        "$schema": "http://json-schema.org/draft-04/schema#", "title": "Empty Schema", "type": "object",
    ]

    static func all(_ context: Context) -> [JSON] {
        [
            ("Empty", "This is a default empty schema model", empty),
            ("Error", "This is a default error schema model", error),
        ]
        .map { name, description, schema in
            [
                "id": .string(Changes.id(context)), "name": .string(name), "description": .string(description),
                "schema": .string(schema.text()), "contentType": "application/json",
            ]
        }
    }
}
