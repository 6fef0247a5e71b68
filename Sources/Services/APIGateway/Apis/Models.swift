import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Adds a schema of bodies to an API. Errors: NotFoundException, ConflictException, BadRequestException. Source: API
/// reference, CreateModel.
enum CreateModel: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = input["name"]?.string ?? ""
        var model: JSON = [
            "id": .string(Changes.id(context)), "name": .string(name), "schema": input["schema"] ?? "{}",
            "contentType": input["contentType"] ?? "",
        ]
        model["description"] = input["description"]
        try ModelRules.check(model)
        return Changes.write(.model, input, context) { [model] shelf, transaction in
            guard try shelf.find(.model, name, transaction.db) == nil else {
                throw APIGatewayError.conflict("Model name already exists for this REST API")
            }
            try shelf.put(.model, name, model, transaction)
            return model
        }
    }
}

/// One model. Source: API reference, GetModel. `flatten` is not heard.
enum GetModel: GettingPart { static let kind = PartKind.model }

/// The models of an API. Source: API reference, GetModels.
enum GetModels: ListingParts { static let kind = PartKind.model }

/// Changes the schema or the description of a model. Source: API reference, UpdateModel.
enum UpdateModel: UpdatingPart {
    static let kind = PartKind.model

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try ModelRules.check(part)
    }
}

/// Removes a model that no method uses. Errors: NotFoundException, ConflictException. Source: API reference,
/// DeleteModel.
enum DeleteModel: DeletingPart {
    static let kind = PartKind.model

    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws {
        for resource in try shelf.all(.resource, db) {
            for (name, method) in resource["resourceMethods"]?.object ?? [:] {
                let answers = (method["methodResponses"]?.object?.values ?? []).compactMap { $0["responseModels"] }
                let models = (answers + [method["requestModels"]].compactMap { $0 }).flatMap { $0.object?.values ?? [] }
                if let model = part["name"], models.contains(model) {
                    throw APIGatewayError.conflict(
                        "Cannot delete model '\(model.string ?? "")', is referenced in method request: "
                            + "\(resource["path"]?.string ?? "")/\(name)")
                }
            }
        }
    }
}

enum ModelRules {
    static func check(_ model: JSON) throws(AWSError) {
        let name = model["name"]?.string ?? ""
        guard !name.isEmpty, name.utf8.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39 ~= $0) })
        else { throw APIGatewayError.badRequest("Model name must be alphanumeric: \(name)") }
        guard let text = model["schema"]?.string, let schema = try? JSON.parse(text), schema.object != nil else {
            throw APIGatewayError.badRequest(
                "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]")
        }
        if let unknown = JSONSchema.unknown(in: schema) {
            throw APIGatewayError.badRequest(
                "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. "
                    + "Unsupported keyword(s): [\"\(unknown)\"]]")
        }
    }
}
