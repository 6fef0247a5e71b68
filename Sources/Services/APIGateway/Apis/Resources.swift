import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Adds a resource below another. Errors: NotFoundException, ConflictException, BadRequestException. Source: API
/// reference, CreateResource.
enum CreateResource: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = Changes.id(context)
        return Changes.write(.resource, input, context) { shelf, transaction in
            var resource: JSON = [
                "id": .string(id), "parentId": input["parentId"] ?? "", "pathPart": input["pathPart"] ?? "",
            ]
            try ResourceRules.settle(&resource, shelf, transaction.db)
            try shelf.put(.resource, id, resource, transaction)
            return resource
        }
    }
}

protocol ShowingResource: PartOperation {}

extension ShowingResource {
    /// The contents of methods only for those who ask.
    static func shown(_ part: JSON, _ input: JSON) -> JSON {
        guard let methods = part["resourceMethods"]?.object, input["embed"]?.array?.contains("methods") != true else {
            return part
        }
        var part = part
        part["resourceMethods"] = .object(JSON.Object(methods.map { ($0.key, [:]) }))
        return part
    }
}

/// One resource; with its methods when the request embeds them. Source: API reference, GetResource.
enum GetResource: GettingPart, ShowingResource { static let kind = PartKind.resource }

/// The resources of an API. Source: API reference, GetResources.
enum GetResources: ListingParts, ShowingResource { static let kind = PartKind.resource }

/// Renames or moves a resource with all below it. Source: API reference, UpdateResource.
enum UpdateResource: UpdatingPart, ShowingResource {
    static let kind = PartKind.resource

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        guard old["parentId"] != nil else {
            throw APIGatewayError.badRequest("The root resource cannot be changed")
        }
        try ResourceRules.settle(&part, shelf, transaction.db)
        try shelf.put(.resource, part["id"]?.string ?? "", part, transaction)
        try ResourceRules.repath(below: part, shelf, transaction)
    }
}

/// Removes a resource and all below it. Source: API reference, DeleteResource.
enum DeleteResource: DeletingPart {
    static let kind = PartKind.resource

    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws {
        guard part["parentId"] != nil else { throw APIGatewayError.badRequest("The root resource cannot be deleted") }
    }

    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        for child in try shelf.all(.resource, transaction.db) where child["parentId"] == part["id"] {
            try shelf.remove(.resource, child["id"]?.string ?? "", transaction)
            try follow(child, shelf, transaction)
        }
    }
}

/// How resources stand in their tree. Source: developer guide, quotas and path parts; error messages as AWS has them.
enum ResourceRules {
    /// Checks the part of the path and gives the resource its path.
    static func settle(_ resource: inout JSON, _ shelf: Shelf, _ db: Database) throws {
        let parent = try shelf.require(.resource, resource["parentId"]?.string ?? "", db)
        let part = resource["pathPart"]?.string ?? ""
        guard isValid(part) else {
            throw APIGatewayError.badRequest(
                "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
                    + "beginning and the end.")
        }
        if let above = parent["pathPart"]?.string, above.hasSuffix("+}") {
            throw APIGatewayError.badRequest(
                "Cannot create a child of a resource with a greedy path variable: \(above)")
        }
        for other in try shelf.all(.resource, db)
        where other["parentId"] == parent["id"] && other["id"] != resource["id"] {
            let name = other["pathPart"]?.string ?? ""
            if name == part {
                throw APIGatewayError.conflict(
                    "Another resource with the same parent already has this name: \(part)")
            }
            if name.hasPrefix("{"), part.hasPrefix("{"), name.hasSuffix("+}") == part.hasSuffix("+}") {
                throw APIGatewayError.badRequest(
                    "A sibling (\(name)) of this resource already has a variable path part -- only one is allowed")
            }
        }
        resource["path"] = .string(path(parent["path"]?.string ?? "/", part))
    }

    static func path(_ parent: String, _ part: String) -> String { parent == "/" ? "/\(part)" : "\(parent)/\(part)" }

    static func isValid(_ part: String) -> Bool {
        var name = part[...]
        if part.hasPrefix("{"), part.hasSuffix("}") {
            name = part.dropFirst().dropLast()
            if name.hasSuffix("+") { name = name.dropLast() }
        }
        return !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._-:$".utf8.contains(byte)
                }
            }
    }

    static func repath(below parent: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        for var child in try shelf.all(.resource, transaction.db) where child["parentId"] == parent["id"] {
            child["path"] = .string(path(parent["path"]?.string ?? "/", child["pathPart"]?.string ?? ""))
            try shelf.put(.resource, child["id"]?.string ?? "", child, transaction)
            try repath(below: child, shelf, transaction)
        }
    }
}
