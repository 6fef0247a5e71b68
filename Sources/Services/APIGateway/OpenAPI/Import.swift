import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes an API of an OpenAPI definition, versions 2.0 and 3, in JSON or YAML. Parameters: `basepath` (`ignore`, `prepend`;
/// `split` is `ignore`), `endpointConfigurationTypes`. Errors: BadRequestException. Source: API reference, ImportRestApi.
enum ImportRestApi: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let definition = try DefinitionImport(input, context)
        var settings = definition.definition.settings
        if let types = input["parameters"]?["endpointConfigurationTypes"]?.string {
            settings["endpointConfiguration"] = [
                "types": .array(types.split(separator: ",").map { .string(String($0)) })
            ]
        }
        let tree = try RestApi.new(settings, context)
        let models = DefaultModels.all(context)
        let shelf = Shelf(context, owner: tree["id"]?.string ?? "")
        let live = context.service(APIGateway.self).live
        return { transaction in
            try RestApi.add(tree, models, shelf, context, transaction)
            try definition.write(shelf, overwrites: false, transaction)
            transaction.afterCommit { live.forget(api: shelf.owner, account: shelf.account, region: shelf.region) }
            return try shelf.api(transaction.db)
        }
    }
}

/// Replaces what an API consists of by a definition, or merges it in. Errors: NotFoundException, BadRequestException.
/// Source: API reference, PutRestApi.
enum PutRestApi: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let definition = try DefinitionImport(input, context)
        // Assumed: merged, unless the request says else.
        let overwrites = input["mode"]?.string == "overwrite"
        return Changes.write(.resource, input, context) { shelf, transaction in
            var tree = try shelf.api(transaction.db)
            for (member, value) in definition.definition.settings.object ?? [:] { tree[member] = value }
            try RestApi.check(tree)
            try Shelf(context).put(.restApi, shelf.owner, tree, transaction)
            try definition.write(shelf, overwrites: overwrites, transaction)
            return try shelf.api(transaction.db)
        }
    }
}

/// Writes a definition's parts to an API. What keeps its name or path keeps its id.
struct DefinitionImport: Sendable {
    let definition: Definition
    private let context: Context

    init(_ input: JSON, _ context: Context) throws(AWSError) {
        let tree = try OpenAPIText.tree(input["body"]?.bytes ?? [])
        definition = try Definition(tree, basePath: input["parameters"]?["basepath"]?.string ?? "ignore")
        self.context = context
        for (name, schema) in definition.models {
            try ModelRules.check(["name": .string(name), "schema": .string(schema.text())])
        }
    }

    func write(_ shelf: Shelf, overwrites: Bool, _ transaction: Transaction) throws {
        let old = try shelf.all(.resource, transaction.db)
        let validators = try named(definition.validators, .requestValidator, shelf, overwrites, transaction)
        let authorizers = try named(definition.authorizers, .authorizer, shelf, overwrites, transaction)
        if overwrites {
            for kind in [PartKind.resource, .model, .gatewayResponse] { try shelf.removeAll(kind, transaction) }
        }
        for (name, schema) in definition.models {
            let model: JSON = [
                "id": .string(Changes.id(context)), "name": .string(name), "schema": .string(schema.text()),
                "contentType": "application/json",
            ]
            try shelf.put(.model, name, model, transaction)
        }
        for (type, response) in definition.responses { try shelf.put(.gatewayResponse, type, response, transaction) }
        var resources = try Resources(old, overwrites: overwrites, shelf.api(transaction.db)["rootResourceId"] ?? "")
        for (path, methods) in definition.paths {
            let id = try resources.id(path) { Changes.id(context) }
            for (name, tree) in methods {
                var tree = tree
                if let validator = tree["requestValidatorId"]?.string {
                    tree["requestValidatorId"] = validators[validator]
                }
                if let authorizer = tree["authorizerId"]?.string { tree["authorizerId"] = authorizers[authorizer] }
                if tree["methodIntegration"] != nil, tree["methodIntegration"]?["cacheNamespace"] == nil {
                    tree["methodIntegration"]?["cacheNamespace"] = .string(id)
                }
                resources.set(tree, name, on: id)
            }
        }
        for resource in resources.all { try shelf.put(.resource, resource["id"]?.string ?? "", resource, transaction) }
    }

    /// Writes parts that have names; answers their ids.
    private func named(
        _ parts: JSON.Object, _ kind: PartKind, _ shelf: Shelf, _ overwrites: Bool, _ transaction: Transaction
    ) throws -> [String: JSON] {
        let old = try shelf.all(kind, transaction.db).map { ($0["name"]?.string ?? "", $0["id"] ?? "") }
        if overwrites { try shelf.removeAll(kind, transaction) }
        var ids = Dictionary(old) { first, _ in first }
        for (name, part) in parts {
            let id = ids[name]?.string ?? Changes.id(context)
            var part = part
            part["id"] = .string(id)
            part["name"] = .string(name)
            ids[name] = .string(id)
            try shelf.put(kind, id, part, transaction)
        }
        return ids
    }

    /// The tree of paths while it grows.
    private struct Resources {
        private var byPath: [String: JSON] = [:]
        private let known: [String: JSON]

        init(_ old: [JSON], overwrites: Bool, _ root: JSON) {
            known = Dictionary(old.map { ($0["path"]?.string ?? "", $0["id"] ?? "") }) { first, _ in first }
            for resource in old where !overwrites { byPath[resource["path"]?.string ?? ""] = resource }
            if byPath["/"] == nil { byPath["/"] = ["id": root, "path": "/"] }
        }

        var all: [JSON] { Array(byPath.values) }

        mutating func id(_ path: String, _ makeId: () -> String) throws(AWSError) -> String {
            var current = "/"
            for part in DeployedApi.segments(path) {
                let next = ResourceRules.path(current, part)
                if byPath[next] == nil {
                    guard ResourceRules.isValid(part) else {
                        throw APIGatewayError.badRequest(
                            "Unable to create resource at path '\(next)': Resource's path part only allow "
                                + "a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and "
                                + "the end.")
                    }
                    byPath[next] = [
                        "id": known[next] ?? .string(makeId()), "parentId": byPath[current]?["id"] ?? "",
                        "pathPart": .string(part), "path": .string(next),
                    ]
                }
                current = next
            }
            return byPath[current]?["id"]?.string ?? ""
        }

        mutating func set(_ method: JSON, _ name: String, on id: String) {
            guard let (path, resource) = byPath.first(where: { $0.value["id"]?.string == id }) else { return }
            var methods = resource["resourceMethods"] ?? [:]
            methods[name] = method
            byPath[path]?["resourceMethods"] = methods
        }
    }
}
