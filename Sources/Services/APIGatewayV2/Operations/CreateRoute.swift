import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a route to an API. Errors: NotFoundException, BadRequestException, ConflictException. Source: API reference,
/// CreateRoute.
enum CreateRoute: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.create(.route, input, context)
    }
}
