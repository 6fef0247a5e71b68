import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What hangs on a resource: a method, its answers, its integration, and what becomes of the integration's answers. Each is
/// a place in the tree of the resource.
enum MethodPart: Sendable {
    case method, methodResponse, integration, integrationResponse

    var missing: AWSError {
        switch self {
        case .method: APIGatewayError.notFound("Invalid Method identifier specified")
        case .integration: APIGatewayError.notFound("Invalid Integration identifier specified")
        case .methodResponse, .integrationResponse: APIGatewayError.notFound("Invalid Response status code specified")
        }
    }

    /// What must be there before.
    var parent: MethodPart? {
        switch self {
        case .method: nil
        case .methodResponse, .integration: .method
        case .integrationResponse: .integration
        }
    }

    func path(_ input: JSON) -> [String] {
        let method = ["resourceMethods", input["httpMethod"]?.string ?? ""]
        let status = input["statusCode"]?.string ?? ""
        return switch self {
        case .method: method
        case .methodResponse: method + ["methodResponses", status]
        case .integration: method + ["methodIntegration"]
        case .integrationResponse: method + ["methodIntegration", "integrationResponses", status]
        }
    }

    func require(in resource: JSON, _ input: JSON) throws(AWSError) -> JSON {
        guard let found = path(input).reduce(JSON?.some(resource), { $0?[$1] }) else { throw missing }
        return found
    }

    func set(_ value: JSON?, in resource: inout JSON, _ input: JSON) {
        Self.set(value, at: path(input)[...], &resource)
        if resource["resourceMethods"]?.object?.isEmpty == true { resource["resourceMethods"] = nil }
    }

    private static func set(_ value: JSON?, at path: ArraySlice<String>, _ tree: inout JSON) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            tree[name] = value
            return
        }
        var inner = tree[name] ?? [:]
        set(value, at: path.dropFirst(), &inner)
        tree[name] = inner
    }
}

protocol MethodPartOperation { static var part: MethodPart { get } }

/// Answers the part. Errors: NotFoundException.
protocol GettingMethodPart: MethodPartOperation, ReadOperation where Input == JSON, Output == JSON {}

extension GettingMethodPart {
    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(.resource, input, context)
        return try context.read { db in
            _ = try shelf.api(db)
            let resource = try shelf.require(.resource, input["resourceId"]?.string ?? "", db)
            return try part.require(in: resource, input)
        }
    }
}

/// Sets or replaces the part. Errors: NotFoundException, BadRequestException, ConflictException.
protocol PuttingMethodPart: MethodPartOperation, WriteOperation where Input == JSON, Output == JSON {
    /// The tree of the part.
    static func tree(_ input: JSON) throws(AWSError) -> JSON
}

extension PuttingMethodPart {
    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let tree = try tree(input)
        return Changes.write(.resource, input, context) { shelf, transaction in
            let id = input["resourceId"]?.string ?? ""
            var resource = try shelf.require(.resource, id, transaction.db)
            if let parent = part.parent { _ = try parent.require(in: resource, input) }
            if part == .method, (try? part.require(in: resource, input)) != nil {
                throw APIGatewayError.conflict("Method already exists for this resource")
            }
            part.set(tree, in: &resource, input)
            try MethodRules.check(part, tree, MethodPart.method.require(in: resource, input), shelf, transaction.db)
            try shelf.put(.resource, id, resource, transaction)
            return tree
        }
    }
}

/// Changes the part by patch operations. Errors: NotFoundException, BadRequestException.
protocol UpdatingMethodPart: MethodPartOperation, WriteOperation where Input == JSON, Output == JSON {}

extension UpdatingMethodPart {
    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        Changes.write(.resource, input, context) { shelf, transaction in
            let id = input["resourceId"]?.string ?? ""
            var resource = try shelf.require(.resource, id, transaction.db)
            let old = try part.require(in: resource, input)
            let tree = try Patch.apply(input["patchOperations"], to: old, name)
            part.set(tree, in: &resource, input)
            try MethodRules.check(part, tree, MethodPart.method.require(in: resource, input), shelf, transaction.db)
            try shelf.put(.resource, id, resource, transaction)
            return tree
        }
    }
}

/// Removes the part with all that hangs on it. Errors: NotFoundException.
protocol DeletingMethodPart: MethodPartOperation, WriteOperation where Input == JSON, Output == Nothing {}

extension DeletingMethodPart {
    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Changes.write(.resource, input, context) { shelf, transaction in
            let id = input["resourceId"]?.string ?? ""
            var resource = try shelf.require(.resource, id, transaction.db)
            _ = try part.require(in: resource, input)
            part.set(nil, in: &resource, input)
            try shelf.put(.resource, id, resource, transaction)
            return Nothing()
        }
    }
}
