import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a validator, which methods name: of bodies, of parameters, or of both. Errors: NotFoundException. Source: API
/// reference, CreateRequestValidator.
enum CreateRequestValidator: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = Changes.id(context)
        return Changes.write(.requestValidator, input, context) { shelf, transaction in
            var validator: JSON = [
                "id": .string(id), "validateRequestBody": input["validateRequestBody"] ?? false,
                "validateRequestParameters": input["validateRequestParameters"] ?? false,
            ]
            validator["name"] = input["name"]
            try shelf.put(.requestValidator, id, validator, transaction)
            return validator
        }
    }
}

/// One validator. Source: API reference, GetRequestValidator.
enum GetRequestValidator: GettingPart { static let kind = PartKind.requestValidator }

/// The validators of an API. Source: API reference, GetRequestValidators.
enum GetRequestValidators: ListingParts { static let kind = PartKind.requestValidator }

/// Changes a validator. Source: API reference, UpdateRequestValidator.
enum UpdateRequestValidator: UpdatingPart { static let kind = PartKind.requestValidator }

/// Removes a validator. Source: API reference, DeleteRequestValidator.
enum DeleteRequestValidator: DeletingPart { static let kind = PartKind.requestValidator }
